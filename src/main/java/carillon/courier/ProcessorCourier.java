package carillon.courier;

import carillon.outbox.Backoff;
import carillon.outbox.Carried;
import carillon.outbox.Courier;
import carillon.outbox.Delivery;
import carillon.processor.Facts;
import carillon.processor.ProcessorType;
import carillon.processor.Processors;
import carillon.processor.RenderingTooLongException;
import carillon.response.Response;
import carillon.response.ResponseStore;
import carillon.run.RunId;
import carillon.run.RunStore;
import carillon.task.TaskStore;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;

/// Carries what processors send: puts the text together from the run, its output and the version of
/// the task that it ran, which are the same on every try, and hands it to the type's sender.
public final class ProcessorCourier implements Courier {
    private final History history;
    private final Processors processors;
    private final Map<ProcessorType, Sender> senders;
    private final ZoneId zone;

    /// Where runs, the versions of tasks that they ran and what models said in them are found.
    public record History(RunStore runs, TaskStore tasks, ResponseStore responses) {}

    /// `zone` is that of the dates in texts.
    public ProcessorCourier(History history, Processors processors, Senders senders, ZoneId zone) {
        this.history = history;
        this.processors = processors;
        this.senders = senders.byType();
        this.zone = zone;
    }

    @Override
    public Carried carry(Delivery delivery) throws InterruptedException {
        var parcel = parcel(delivery);
        if (parcel.isEmpty()) {
            return new Carried.Refused("what was to be sent is gone");
        }
        var sender = senders.get(parcel.get().type());
        if (sender == null) {
            return new Carried.Refused("nothing sends " + parcel.get().type().word());
        }
        try {
            return sender.send(parcel.get());
        } catch (RenderingTooLongException e) {
            return new Carried.Refused(String.valueOf(e.getMessage()));
        }
    }

    private Optional<Parcel> parcel(Delivery delivery) {
        var run = history.runs.find(new RunId(delivery.subject().owner()));
        var version = run.flatMap(known -> history.tasks.version(known.task(), known.version()));
        var type = ProcessorType.of(delivery.type());
        if (run.isEmpty() || version.isEmpty() || type.isEmpty()) {
            return Optional.empty();
        }
        var definition = version.get().definition();
        var uses = definition.processing().processors();
        if (delivery.position() >= uses.size()) {
            return Optional.empty();
        }
        var output = history.runs.output(run.get().id());
        var answer = history.responses.ofRun(run.get().id()).map(Response::answer);
        var facts = Facts.of(definition, run.get(), output, answer, zone);
        return Optional.of(
                new Parcel(
                        delivery,
                        type.get(),
                        uses.get(delivery.position()),
                        facts,
                        processors.settings(type.get()).settings()));
    }

    @Override
    public Backoff backoff(Delivery delivery) {
        return ProcessorType.of(delivery.type())
                .map(type -> processors.settings(type).settings().backoff())
                .orElse(Backoff.DEFAULT);
    }
}
