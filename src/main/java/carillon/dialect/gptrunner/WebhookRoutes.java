package carillon.dialect.gptrunner;

import static carillon.web.Permission.EDIT;
import static carillon.web.Permission.OPERATE;
import static carillon.web.Permission.VIEW;
import static carillon.web.Route.Method.DELETE;
import static carillon.web.Route.Method.GET;
import static carillon.web.Route.Method.PATCH;
import static carillon.web.Route.Method.POST;

import carillon.json.Json;
import carillon.json.Problems;
import carillon.json.Secrets;
import carillon.json.WebhookJson;
import carillon.outbox.Delivery;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Refusal;
import carillon.web.RefusedException;
import carillon.web.Route;
import carillon.webhook.Subscription;
import carillon.webhook.Webhooks;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Webhooks: the subscriptions of the native API in this API's words. Those of either are seen in
/// both; each is told in the words of the API that made it.
final class WebhookRoutes {
    private static final String ACTIVE = "isActive";
    private static final String ID = "webhook-";
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,15}");
    private static final List<String> FIELDS =
            List.of("url", "events", "secret", "description", ACTIVE);

    private final Webhooks webhooks;
    private final Envelope envelope;
    private final InstantSource time;

    WebhookRoutes(Webhooks webhooks, Envelope envelope, InstantSource time) {
        this.webhooks = webhooks;
        this.envelope = envelope;
        this.time = time;
    }

    List<Route> routes() {
        var all = GptRunnerApi.ROOT + "/webhooks";
        var one = all + "/{id}";
        return List.of(
                new Route(POST, all, EDIT, this::create),
                new Route(GET, all, VIEW, this::list),
                new Route(GET, one, VIEW, call -> envelope.ok(view(found(call)))),
                new Route(PATCH, one, EDIT, this::change),
                new Route(DELETE, one, EDIT, this::delete),
                new Route(POST, one + "/test", OPERATE, this::test));
    }

    /// Other fields are ignored.
    private static JsonNode known(Call call) {
        return TaskRequest.object(call.json()).deepCopy().retain(FIELDS);
    }

    private Answer create(Call call) {
        var problems = new Problems();
        var wanted = WebhookJson.create(known(call), ACTIVE, problems);
        Envelope.refuse(problems.list());
        var sent = wanted.orElseThrow();
        var secret = sent.secret().orElseGet(webhooks::newSecret);
        var made =
                webhooks.create(GptRunnerApi.NAME, sent.terms(), secret, sent.active().orElse(true))
                        .orElseThrow(
                                () ->
                                        Envelope.invalid(
                                                "url",
                                                "there are " + Webhooks.MAX + " webhooks already"));
        var view = view(made);
        if (sent.secret().isEmpty()) {
            view.put("secret", secret);
        }
        return envelope.created(view, "Webhook created successfully");
    }

    private static ObjectNode view(Subscription subscription) {
        var terms = subscription.terms();
        var view =
                Json.object().put("id", ID + subscription.id()).put("url", terms.url().toString());
        var events = view.putArray("events");
        terms.events().forEach(event -> events.add(event.word()));
        view.put("secret", Secrets.MASK).put("isActive", subscription.standing().active());
        if (!terms.description().isEmpty()) {
            view.put("description", terms.description());
        }
        if (!subscription.standing().reason().isEmpty()) {
            view.put("disabledReason", subscription.standing().reason());
        }
        return view.put("createdAt", Codec.time(subscription.createdAt()))
                .put("updatedAt", Codec.time(subscription.updatedAt()));
    }

    private Answer list(Call call) {
        var problems = new Problems();
        var paging = Paging.of(call, problems);
        Envelope.refuse(problems.list());
        var all = webhooks.all();
        var page =
                all.stream()
                        .skip(paging.offset())
                        .limit(paging.limit())
                        .map(WebhookRoutes::view)
                        .toList();
        var answer = paging.answer(List.of(), all.size());
        answer.remove("tasks");
        answer.putArray("webhooks").addAll(page);
        return envelope.ok(answer);
    }

    private Answer change(Call call) {
        var before = found(call);
        var problems = new Problems();
        var wanted = WebhookJson.change(known(call), ACTIVE, before, problems);
        Envelope.refuse(problems.list());
        var change = wanted.orElseThrow();
        var changed = webhooks.change(before.id(), change::change);
        return envelope.ok(
                view(changed.orElseThrow(() -> notFound(call))), "Webhook updated successfully");
    }

    private Answer delete(Call call) {
        if (!webhooks.delete(found(call).id())) {
            throw notFound(call);
        }
        return envelope.done("Webhook deleted successfully");
    }

    private Answer test(Call call) throws InterruptedException {
        var subscription = found(call);
        var body = GptRunnerWording.test(ID + subscription.id(), time.instant());
        var logged = webhooks.test(subscription, body);
        var progress = logged.delivery().progress();
        boolean delivered = progress.state() == Delivery.State.DELIVERED;
        var out =
                Json.object()
                        .put("id", ID + subscription.id())
                        .put("deliveryId", Webhooks.messageId(logged.delivery()))
                        .put("delivered", delivered);
        if (!logged.tries().isEmpty()) {
            logged.tries().getLast().status().ifPresent(status -> out.put("statusCode", status));
        }
        out.put("error", progress.error().isEmpty() ? null : progress.error());
        return envelope.ok(out, delivered ? "Webhook test delivered" : "Webhook test failed");
    }

    private Subscription found(Call call) {
        var id = call.path("id");
        var number =
                Optional.of(id)
                        .filter(text -> text.startsWith(ID))
                        .map(text -> text.substring(ID.length()))
                        .filter(text -> NUMBER.matcher(text).matches());
        return number.map(Long::parseLong)
                .flatMap(webhooks::find)
                .orElseThrow(() -> notFound(call));
    }

    private static RefusedException notFound(Call call) {
        var id = TaskRoutes.shown(call.path("id"));
        return new RefusedException(
                Refusal.of(Refusal.Kind.NOT_FOUND, "there is no webhook '" + id + "'"));
    }
}
