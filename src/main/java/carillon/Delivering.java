package carillon;

import carillon.api.DeliveryRoutes;
import carillon.api.ProcessorRoutes;
import carillon.api.TaskRules;
import carillon.batch.BatchFiles;
import carillon.courier.FilesRoot;
import carillon.courier.ProcessorCourier;
import carillon.courier.Senders;
import carillon.egress.Egress;
import carillon.engine.Engine;
import carillon.json.SettingsJson;
import carillon.outbox.Delivery;
import carillon.outbox.Outbox;
import carillon.processor.Processors;
import carillon.run.Runs;
import carillon.secret.Seal;
import carillon.store.Stores;
import carillon.web.Route;
import carillon.webhook.Webhooks;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The part of a server that brings outputs to where they are wanted, composed.
final class Delivering implements AutoCloseable {
    private final Stores stores;
    private final Processors processors;
    private final Announcing announcing;
    private final Outbox outbox;
    private final Optional<BatchFiles> files;

    Delivering(
            Server.Plan plan,
            Stores stores,
            Seal seal,
            Egress egress,
            InstantSource time,
            RandomGenerator dice) {
        this.stores = stores;
        var files = plan.reach().files();
        this.files = files.map(BatchFiles::new);
        var settings = stores.processors(SettingsJson.codec(seal));
        processors = new Processors(settings, files.isPresent(), time);
        var senders = new Senders(egress, files.map(FilesRoot::of), time);
        var history =
                new ProcessorCourier.History(stores.runs(), stores.tasks(), stores.responses());
        announcing = new Announcing(plan.node(), stores, seal, egress, time, dice);
        var courier = new ProcessorCourier(history, processors, senders, plan.zone());
        outbox =
                new Outbox(
                        stores.deliveries(),
                        Map.of(
                                Delivery.Kind.PROCESSOR,
                                courier,
                                Delivery.Kind.WEBHOOK,
                                announcing.courier()),
                        new Outbox.Settings(plan.node(), Outbox.Settings.DEFAULT_MAX_UNDER_WAY),
                        time,
                        dice);
    }

    void join(Engine engine) {
        engine.add("outbox", outbox::runOnce);
        announcing.join(engine);
    }

    TaskRules rules() {
        return new TaskRules(processors, files);
    }

    Webhooks webhooks() {
        return announcing.webhooks();
    }

    List<Route> routes(Runs runs) {
        var routes = new ArrayList<>(new ProcessorRoutes(processors).routes());
        routes.addAll(new DeliveryRoutes(runs, stores.deliveries()).routes());
        routes.addAll(announcing.routes());
        return routes;
    }

    /// To be called when the engine has stopped.
    @Override
    public void close() {
        outbox.close();
    }
}
