package carillon.console;

import carillon.outbox.Delivery;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import carillon.webhook.SigningKeys;
import carillon.webhook.Subscription;
import carillon.webhook.WebhookEvent;
import carillon.webhook.WebhookStore;
import carillon.webhook.Webhooks;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// The subscriptions to what happens here: all of them, and one with the deliveries to it, which is
/// enabled and disabled.
final class WebhookRoutes {
    static final String WEBHOOKS = "/webhooks";
    static final String WEBHOOK = WEBHOOKS + "/{id}";

    private static final int ROWS = 50;
    private static final int DELIVERIES = 25;

    private final Webhooks webhooks;
    private final InstantSource time;
    private final Live live;

    WebhookRoutes(Webhooks webhooks, InstantSource time, Live live) {
        this.webhooks = webhooks;
        this.time = time;
        this.live = live;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, WEBHOOKS, Permission.VIEW, this::list),
                new Route(Method.GET, WEBHOOK, Permission.VIEW, this::find),
                new Route(Method.GET, WEBHOOK + "/live", Permission.VIEW, this::follow),
                new Route(Method.POST, WEBHOOK + "/enable", Permission.EDIT, c -> turn(c, true)),
                new Route(Method.POST, WEBHOOK + "/disable", Permission.EDIT, c -> turn(c, false)));
    }

    static String path(long id) {
        return WEBHOOKS + "/" + id;
    }

    static Subscription require(Webhooks webhooks, Call call) {
        return Inputs.id(call.path("id"))
                .flatMap(webhooks::find)
                .orElseThrow(() -> Inputs.none("webhook"));
    }

    private Answer list(Call call) {
        long after = call.query("after").flatMap(Inputs::id).orElse(0L);
        var found =
                webhooks.all().stream().filter(one -> one.id() > after).limit(ROWS + 1L).toList();
        var shown = found.subList(0, Math.min(ROWS, found.size()));
        var more =
                found.size() > ROWS ? OptionalLong.of(shown.getLast().id()) : OptionalLong.empty();
        var rows = shown.stream().map(WebhookRoutes::row).toList();
        return Pages.page(
                call,
                "Webhooks",
                "webhooks.jte",
                new WebhookListView(rows, more, call.may(Permission.EDIT)));
    }

    private static WebhookListView.WebhookRow row(Subscription subscription) {
        var standing = subscription.standing();
        var failing = standing.failingSince().map(at -> "failing since " + Words.time(at));
        return new WebhookListView.WebhookRow(
                subscription.id(),
                subscription.terms().target(),
                Words.brief(subscription.terms().description()),
                events(subscription),
                state(subscription),
                tone(subscription),
                standing.active() ? failing.orElse("") : Words.brief(standing.reason()));
    }

    private static String events(Subscription subscription) {
        return subscription.terms().events().stream()
                .map(WebhookEvent::word)
                .collect(Collectors.joining(", "));
    }

    private static String state(Subscription subscription) {
        return subscription.standing().active() ? "enabled" : "disabled";
    }

    private static String tone(Subscription subscription) {
        var standing = subscription.standing();
        if (!standing.active()) {
            return "skipped";
        }
        return standing.failingSince().isPresent() ? "failed" : "succeeded";
    }

    private Answer find(Call call) {
        var subscription = require(webhooks, call);
        var view = view(subscription, call, Inputs.before(call));
        var title = "Webhook " + subscription.terms().target();
        return Pages.page(call, title, "webhook.jte", view);
    }

    private Answer follow(Call call) {
        long id = require(webhooks, call).id();
        return live.stream(
                call,
                () ->
                        webhooks.find(id)
                                .map(one -> view(one, call, OptionalLong.empty()))
                                .map(view -> Pages.part("webhook-part.jte", view)));
    }

    private WebhookView view(Subscription subscription, Call call, OptionalLong before) {
        var found =
                webhooks.deliveries(
                        subscription.id(), before.orElse(Long.MAX_VALUE), DELIVERIES + 1);
        var shown = found.subList(0, Math.min(DELIVERIES, found.size()));
        var older =
                found.size() > DELIVERIES
                        ? OptionalLong.of(shown.getLast().delivery().id())
                        : OptionalLong.empty();
        boolean active = subscription.standing().active();
        boolean edits = call.may(Permission.EDIT);
        return new WebhookView(
                subscription.id(),
                subscription.terms().target(),
                facts(subscription),
                shown.stream().map(WebhookRoutes::row).toList(),
                before.isEmpty(),
                older,
                new WebhookView.Doing(
                        edits, edits && !active, edits && active, call.may(Permission.OPERATE)));
    }

    private List<Fact> facts(Subscription subscription) {
        var facts = new ArrayList<Fact>();
        var standing = subscription.standing();
        facts.add(Fact.of("State", state(subscription)));
        if (!standing.reason().isEmpty()) {
            facts.add(Fact.of("Why", standing.reason()));
        }
        standing.failingSince()
                .ifPresent(
                        at ->
                                facts.add(
                                        Fact.of(
                                                "Failing since",
                                                "%s, %s times"
                                                        .formatted(
                                                                Words.time(at),
                                                                Words.number(
                                                                        standing.failures())))));
        if (!subscription.terms().description().isEmpty()) {
            facts.add(Fact.of("Description", subscription.terms().description()));
        }
        facts.add(Fact.of("Events", events(subscription)));
        facts.add(Fact.of("Made with", subscription.origin()));
        subscription
                .keys()
                .oldAt(time.instant())
                .map(SigningKeys.Old::until)
                .ifPresent(until -> facts.add(Fact.of("Old secret until", Words.time(until))));
        facts.add(Fact.of("Made", Words.time(subscription.createdAt())));
        facts.add(Fact.of("Changed", Words.time(subscription.updatedAt())));
        return facts;
    }

    private static WebhookView.DeliveryRow row(Webhooks.Logged logged) {
        var delivery = logged.delivery();
        var progress = delivery.progress();
        return new WebhookView.DeliveryRow(
                delivery.id(),
                Words.time(progress.createdAt()),
                delivery.type(),
                progress.state().name(),
                tone(progress.state()),
                progress.attempts(),
                note(logged));
    }

    /// The newest answer, and when there will be another try.
    private static String note(Webhooks.Logged logged) {
        var words = new ArrayList<String>();
        var progress = logged.delivery().progress();
        if (!logged.tries().isEmpty()) {
            status(logged.tries().getLast()).ifPresent(words::add);
        }
        if (!progress.error().isEmpty()) {
            words.add(progress.error());
        }
        if (progress.state() == Delivery.State.PENDING) {
            words.add("next try " + Words.time(progress.dueAt()));
        }
        return Words.brief(String.join(" · ", words));
    }

    static Optional<String> status(WebhookStore.Try made) {
        return made.status().isPresent()
                ? Optional.of("status " + made.status().getAsInt())
                : Optional.empty();
    }

    /// The state as the style sheet names it.
    static String tone(Delivery.State state) {
        return switch (state) {
            case PENDING -> "queued";
            case DELIVERED -> "succeeded";
            case FAILED -> "failed";
            case SKIPPED -> "skipped";
        };
    }

    private Answer turn(Call call, boolean active) {
        var id = require(webhooks, call).id();
        var changed =
                webhooks.change(
                        id,
                        before -> new Webhooks.Change(before.terms(), Optional.empty(), active));
        if (changed.isEmpty()) {
            throw Inputs.none("webhook");
        }
        return Pages.seeOther(path(id));
    }
}
