package carillon;

import carillon.api.WebhookRoutes;
import carillon.api.WebhookWording;
import carillon.courier.WebhookCourier;
import carillon.dialect.gptrunner.GptRunnerApi;
import carillon.dialect.gptrunner.GptRunnerWording;
import carillon.egress.Egress;
import carillon.engine.Engine;
import carillon.outbox.Courier;
import carillon.secret.Seal;
import carillon.store.Stores;
import carillon.web.Route;
import carillon.webhook.Announcer;
import carillon.webhook.Happenings;
import carillon.webhook.WebhookStore;
import carillon.webhook.Webhooks;
import carillon.webhook.Wording;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// The part of a server that tells subscriptions what happens, composed.
final class Announcing {
    private static final int MAX_BATCH = 500;
    private static final Duration KEPT = Duration.ofDays(30);
    private static final Duration BETWEEN_PRUNINGS = Duration.ofMinutes(10);
    private static final Duration BETWEEN_FULL_PRUNINGS = Duration.ofMillis(50);

    private final WebhookStore store;
    private final Courier courier;
    private final Webhooks webhooks;
    private final Announcer announcer;
    private final InstantSource time;

    Announcing(
            String node,
            Stores stores,
            Seal seal,
            Egress egress,
            InstantSource time,
            RandomGenerator dice) {
        this.time = time;
        store = stores.webhooks(seal);
        courier = new WebhookCourier(store, egress, time);
        var tools = new Webhooks.Tools(node, courier, stores.deliveries(), dice);
        webhooks = new Webhooks(store, stores.events(), tools, time);
        var history = new Happenings.History(stores.tasks(), stores.runs(), stores.oneShots());
        Map<String, Wording> wordings =
                Map.of(
                        WebhookWording.ORIGIN, new WebhookWording(),
                        GptRunnerApi.NAME, new GptRunnerWording());
        announcer = new Announcer(store, stores.events(), new Happenings(history), wordings);
    }

    Courier courier() {
        return courier;
    }

    Webhooks webhooks() {
        return webhooks;
    }

    void join(Engine engine) {
        engine.add("announcer", announcer::runOnce);
        engine.add("webhook deliveries", this::forget);
    }

    private Instant forget(Instant now) {
        int gone = store.prune(now.minus(KEPT), MAX_BATCH);
        return now.plus(gone < MAX_BATCH ? BETWEEN_PRUNINGS : BETWEEN_FULL_PRUNINGS);
    }

    List<Route> routes() {
        return new WebhookRoutes(webhooks, time).routes();
    }
}
