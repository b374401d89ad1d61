package carillon.console;

import carillon.json.Json;
import carillon.json.JsonException;
import carillon.outbox.Delivery;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.RefusedException;
import carillon.web.Route;
import carillon.web.Route.Method;
import carillon.webhook.WebhookStore;
import carillon.webhook.Webhooks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One delivery to a subscription, which is delivered once more by hand.
final class DeliveryRoutes {
    private static final String DELIVERY = WebhookRoutes.WEBHOOK + "/deliveries/{delivery}";

    private final Webhooks webhooks;
    private final Live live;

    DeliveryRoutes(Webhooks webhooks, Live live) {
        this.webhooks = webhooks;
        this.live = live;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, DELIVERY, Permission.VIEW, this::find),
                new Route(Method.GET, DELIVERY + "/live", Permission.VIEW, this::follow),
                new Route(
                        Method.POST, DELIVERY + "/redeliver", Permission.OPERATE, this::redeliver));
    }

    private Webhooks.Logged require(Call call) {
        long webhook = WebhookRoutes.require(webhooks, call).id();
        return Inputs.id(call.path("delivery"))
                .flatMap(id -> webhooks.logged(webhook, id))
                .orElseThrow(() -> Inputs.none("delivery"));
    }

    private Answer find(Call call) {
        var logged = require(call);
        var title = "Delivery " + logged.delivery().id();
        return Pages.page(call, title, "delivery.jte", view(logged, call));
    }

    private Answer follow(Call call) {
        var delivery = require(call).delivery();
        return live.stream(
                call,
                () ->
                        webhooks.logged(delivery.subject().owner(), delivery.id())
                                .map(one -> Pages.part("delivery-part.jte", view(one, call))));
    }

    private static DeliveryView view(Webhooks.Logged logged, Call call) {
        var delivery = logged.delivery();
        return new DeliveryView(
                delivery.id(),
                delivery.subject().owner(),
                facts(delivery),
                logged.tries().stream().map(DeliveryRoutes::row).toList(),
                delivery.payload().map(DeliveryRoutes::pretty).orElse(""),
                call.may(Permission.OPERATE));
    }

    private static List<Fact> facts(Delivery delivery) {
        var facts = new ArrayList<Fact>();
        var progress = delivery.progress();
        var webhook = ConsoleApi.PREFIX + WebhookRoutes.path(delivery.subject().owner());
        facts.add(Fact.of("State", progress.state().name()));
        facts.add(new Fact("To", delivery.target(), Optional.of(webhook)));
        facts.add(Fact.of("Event", delivery.type()));
        facts.add(Fact.of("Message id", Webhooks.messageId(delivery)));
        facts.add(Fact.of("Tries", Integer.toString(progress.attempts())));
        if (!progress.error().isEmpty()) {
            facts.add(Fact.of("Error", progress.error()));
        }
        facts.add(Fact.of("Made", Words.time(progress.createdAt())));
        if (progress.state() == Delivery.State.PENDING) {
            facts.add(Fact.of("Next try", Words.time(progress.dueAt())));
        }
        progress.finishedAt().ifPresent(at -> facts.add(Fact.of("Finished", Words.time(at))));
        return facts;
    }

    private static DeliveryView.TryRow row(WebhookStore.Try made) {
        return new DeliveryView.TryRow(
                made.attempt(),
                Words.time(made.begunAt()),
                Words.duration(Duration.ofMillis(made.tookMillis())),
                WebhookRoutes.status(made).orElse("no answer"),
                made.isGood() ? "succeeded" : "failed",
                made.response().isEmpty() ? made.error() : made.response());
    }

    private static String pretty(String payload) {
        try {
            return Json.read(payload).toPrettyString();
        } catch (JsonException e) {
            return payload;
        }
    }

    private Answer redeliver(Call call) {
        var delivery = require(call).delivery();
        long webhook = delivery.subject().owner();
        if (!webhooks.redeliver(webhook, delivery.id())) {
            throw new RefusedException(
                    Refusal.of(Refusal.Kind.CONFLICT, "The delivery is being tried now."));
        }
        return Pages.seeOther(WebhookRoutes.path(webhook) + "/deliveries/" + delivery.id());
    }
}
