package carillon.api;

import static carillon.web.Permission.EDIT;
import static carillon.web.Permission.OPERATE;
import static carillon.web.Permission.VIEW;

import carillon.json.Json;
import carillon.json.Problems;
import carillon.json.WebhookJson;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.web.Route.Method;
import carillon.webhook.Subscription;
import carillon.webhook.Webhooks;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// `/webhooks`: subscriptions to what happens here, and what became of the deliveries to them.
public final class WebhookRoutes {
    static final String WEBHOOKS = "/api/v1/webhooks";
    static final String ROTATE = WEBHOOKS + "/{id}/rotate";

    private static final String ACTIVE = "active";

    private final Webhooks webhooks;
    private final InstantSource time;

    public WebhookRoutes(Webhooks webhooks, InstantSource time) {
        this.webhooks = webhooks;
        this.time = time;
    }

    public List<Route> routes() {
        var one = WEBHOOKS + "/{id}";
        var delivery = one + "/deliveries/{delivery}";
        return List.of(
                new Route(Method.GET, WEBHOOKS, VIEW, this::list),
                new Route(Method.POST, WEBHOOKS, EDIT, this::create),
                new Route(Method.GET, one, VIEW, call -> Answer.ok(view(found(call)))),
                new Route(Method.PATCH, one, EDIT, this::change),
                new Route(Method.DELETE, one, EDIT, this::delete),
                new Route(Method.POST, one + "/test", OPERATE, this::test),
                new Route(Method.POST, ROTATE, EDIT, this::rotate),
                new Route(Method.GET, one + "/deliveries", VIEW, this::deliveries),
                new Route(Method.GET, delivery, VIEW, call -> Answer.ok(shown(call))),
                new Route(Method.POST, delivery + "/redeliver", OPERATE, this::redeliver));
    }

    private ObjectNode view(Subscription subscription) {
        return WebhookView.of(subscription, time.instant());
    }

    private Answer list(Call call) {
        int limit = Parameters.limit(call);
        long after = Parameters.cursor(call).orElse(0);
        var found =
                webhooks.all().stream().filter(one -> one.id() > after).limit(limit + 1L).toList();
        return Answer.ok(Page.of(found, limit, Subscription::id, this::view));
    }

    private Answer create(Call call) {
        var problems = new Problems();
        var wanted =
                WebhookJson.create(call.json(), ACTIVE, problems)
                        .orElseThrow(() -> Refused.of(problems));
        boolean made = wanted.secret().isEmpty();
        var secret = wanted.secret().orElseGet(webhooks::newSecret);
        boolean active = wanted.active().orElse(true);
        var subscription =
                webhooks.create(WebhookWording.ORIGIN, wanted.terms(), secret, active)
                        .orElseThrow(
                                () ->
                                        Refused.of(
                                                Refusal.Kind.CONFLICT,
                                                "there are "
                                                        + Webhooks.MAX
                                                        + " subscriptions already"));
        var view = view(subscription);
        if (made) {
            view.put("secret", secret);
        }
        return Answer.created(view).withHeader("Location", WEBHOOKS + "/" + subscription.id());
    }

    private Answer change(Call call) {
        var before = found(call);
        var problems = new Problems();
        var wanted =
                WebhookJson.change(call.json(), ACTIVE, before, problems)
                        .orElseThrow(() -> Refused.of(problems));
        var changed = webhooks.change(before.id(), wanted::change);
        return Answer.ok(view(changed.orElseThrow(() -> none(call))));
    }

    private Answer delete(Call call) {
        var id = found(call).id();
        if (!webhooks.delete(id)) {
            throw none(call);
        }
        return Answer.ok(Map.of("id", id, "deleted", true));
    }

    private Answer rotate(Call call) {
        var id = found(call).id();
        var problems = new Problems();
        var body = call.hasBody() ? call.json() : Json.object();
        var rotation = WebhookJson.rotation(body, problems).orElseThrow(() -> Refused.of(problems));
        var secret = rotation.secret().orElseGet(webhooks::newSecret);
        var rotated = webhooks.rotate(id, secret, rotation.overlap());
        var view = view(rotated.orElseThrow(() -> none(call)));
        if (rotation.secret().isEmpty()) {
            view.put("secret", secret);
        }
        return Answer.ok(view);
    }

    private Answer test(Call call) throws InterruptedException {
        var subscription = found(call);
        var body = WebhookWording.test(subscription.id(), time.instant());
        return Answer.ok(WebhookView.of(webhooks.test(subscription, body)));
    }

    private Answer deliveries(Call call) {
        var subscription = found(call);
        int limit = Parameters.limit(call);
        long before = Parameters.cursor(call).orElse(Long.MAX_VALUE);
        var found = webhooks.deliveries(subscription.id(), before, limit + 1);
        return Answer.ok(Page.of(found, limit, one -> one.delivery().id(), WebhookView::of));
    }

    private ObjectNode shown(Call call) {
        return WebhookView.whole(logged(call));
    }

    private Webhooks.Logged logged(Call call) {
        var subscription = found(call);
        var text = call.path("delivery");
        return Parameters.id(text)
                .flatMap(id -> webhooks.logged(subscription.id(), id))
                .orElseThrow(
                        () ->
                                Refused.of(
                                        Refusal.Kind.NOT_FOUND,
                                        "there is no delivery " + Parameters.shown(text)));
    }

    private Answer redeliver(Call call) {
        var delivery = logged(call).delivery();
        if (!webhooks.redeliver(delivery.subject().owner(), delivery.id())) {
            throw Refused.of(Refusal.Kind.CONFLICT, "the delivery is being tried now");
        }
        return Answer.ok(shown(call));
    }

    private Subscription found(Call call) {
        return Parameters.id(call.path("id")).flatMap(webhooks::find).orElseThrow(() -> none(call));
    }

    private static RuntimeException none(Call call) {
        return Refused.of(
                Refusal.Kind.NOT_FOUND, "there is no webhook " + Parameters.shown(call.path("id")));
    }
}
