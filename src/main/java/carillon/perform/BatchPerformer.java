package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.action.BatchFile;
import carillon.ai.ModelSource;
import carillon.batch.Batch;
import carillon.batch.BatchFiles;
import carillon.batch.BatchFiles.Found;
import carillon.batch.BatchOrder.Scope;
import carillon.batch.BatchStore;
import carillon.batch.Bulk;
import carillon.batch.Standing.Mark;
import carillon.budget.Cashier;
import carillon.run.Lease;
import carillon.run.Outcome;
import carillon.run.RunId;
import carillon.run.RunStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Answers the files of [BatchFile]s. What is done is kept beside the output row by row, so that
/// whoever takes the run up again, on this node or another that sees the same files, goes on there.
/// An attempt that must end before the batch does sets the run aside without using it up.
public final class BatchPerformer {
    private final BatchFiles files;
    private final Asks asks;
    private final BatchStore store;
    private final RunStore runs;
    private final InstantSource time;
    private final Map<RunId, BatchWatch> underWay = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    /// Who is asked, through what, and for whose money.
    public record Asks(ModelSource models, MeteredChat chat, Ways ways, Cashier cashier) {
        public Asks {
            requireNonNull(models, "models");
            requireNonNull(chat, "chat");
            requireNonNull(ways, "ways");
            requireNonNull(cashier, "cashier");
        }
    }

    public BatchPerformer(
            BatchFiles files, Asks asks, BatchStore store, RunStore runs, InstantSource time) {
        this.files = requireNonNull(files, "files");
        this.asks = requireNonNull(asks, "asks");
        this.store = requireNonNull(store, "store");
        this.runs = requireNonNull(runs, "runs");
        this.time = requireNonNull(time, "time");
    }

    /// As [carillon.run.Performer] says, for one kind of action.
    public Outcome perform(BatchFile call, Lease lease) throws InterruptedException {
        var before = store.find(lease.run().id());
        if (Pauses.of(lease.run(), runs, store).isPaused()) {
            return BatchOutcomes.stillPaused(time.instant());
        }
        if (before.isPresent() && before.get().mark() == Mark.WHOLE) {
            return BatchOutcomes.whole(before.get().totals());
        }
        if (!(files.find(call.input()) instanceof Found.At(var input))) {
            return astray(call.input());
        }
        return files.find(call.output()) instanceof Found.At(var output)
                ? answer(call, lease, input, output)
                : astray(call.output());
    }

    private Outcome astray(String path) {
        return switch (files.find(path)) {
            case Found.Astray(var reason) -> BatchOutcomes.failed(reason);
            case Found.At _ -> BatchOutcomes.failed(path + " was changed while it was looked for");
        };
    }

    private Outcome answer(BatchFile call, Lease lease, Path input, Path output)
            throws InterruptedException {
        var watch = new BatchWatch(lease, Pauses.of(lease.run(), runs, store), store, time);
        var paid = new PaidRows(asks.cashier, lease, time, watch::broke);
        var tuning = call.asking().tuning();
        ModelSource models = name -> asks.models.find(name).map(model -> model.tuned(tuning));
        var asker = new RowQuestions(models, asks.chat, time, paid);
        var bulk = new OpenAiBulk(asks.ways, paid, Bulk.Habits.USUAL, time);
        var batch =
                new Batch(
                        BatchOutcomes.order(
                                call, lease, new BatchOutcomes.Places(input, output), scope(lease)),
                        new Batch.Means(models, asker, bulk, time, watch.patience(), watch::whole));
        underWay.put(lease.run().id(), watch);
        try (bulk;
                var _ = watch.over(batch)) {
            if (stopping) {
                watch.stop();
            }
            var end = batch.run();
            return watch.outcome(end, paid.uses());
        } finally {
            underWay.remove(lease.run().id(), watch);
        }
    }

    private Scope scope(Lease lease) {
        return Scope.ofInput(runs.input(lease.run().id()));
    }

    /// Sets all aside that are under way, for whoever goes on with them. To be called when the node
    /// stops.
    public void stop() {
        stopping = true;
        underWay.values().forEach(BatchWatch::stop);
    }
}
