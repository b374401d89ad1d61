package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.action.TaskBatch;
import carillon.action.TaskCall;
import carillon.action.Workflow;
import carillon.batch.BatchStore;
import carillon.cluster.Holder;
import carillon.oneshot.OneShotStore;
import carillon.run.Endings;
import carillon.run.FamilyStore;
import carillon.run.Intake;
import carillon.run.Lease;
import carillon.run.LeaseStore;
import carillon.run.Outcome;
import carillon.run.RunId;
import carillon.run.RunStore;
import carillon.task.TaskStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Performs the actions that only see to other runs. What they decide is on disk before they go on,
/// and nothing else is remembered: an attempt that begins anew, on any node, stands where the one
/// before it stood.
public final class Conducting {
    private static final Logger log = System.getLogger(Conducting.class.getName());
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);

    private final Means means;
    private final Stores stores;
    private final Map<RunId, Family> underWay = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    /// What conducted runs are kept in.
    public record Stores(
            FamilyStore families,
            LeaseStore leases,
            RunStore runs,
            TaskStore tasks,
            OneShotStore oneShots,
            BatchStore batches) {
        public Stores {
            requireNonNull(families, "families");
            requireNonNull(leases, "leases");
            requireNonNull(runs, "runs");
            requireNonNull(tasks, "tasks");
            requireNonNull(oneShots, "oneShots");
            requireNonNull(batches, "batches");
        }
    }

    /// How children are begun and heard of.
    static final class Means {
        private final FamilyStore store;
        private final Endings endings;
        private volatile Intake intake = NOBODY;

        private Means(FamilyStore store, Endings endings) {
            this.store = store;
            this.endings = endings;
        }

        FamilyStore store() {
            return store;
        }

        Endings endings() {
            return endings;
        }

        Intake intake() {
            return intake;
        }
    }

    /// Takes nothing: what is begun waits in the queue.
    private static final Intake NOBODY =
            new Intake() {
                @Override
                public Optional<Holder> roomFor(int runs) {
                    return Optional.empty();
                }

                @Override
                public void accept(List<Lease> leases) {}

                @Override
                public void cancelled(RunId run) {}

                @Override
                public void wake() {}
            };

    private final InstantSource time;

    public Conducting(Stores stores, Endings endings, InstantSource time) {
        this.stores = requireNonNull(stores, "stores");
        this.means = new Means(stores.families(), endings);
        this.time = requireNonNull(time, "time");
    }

    /// Begins runs on this node from now on, as far as it has room.
    public void connect(Intake intake) {
        means.intake = intake;
    }

    Outcome perform(TaskBatch batch, Lease lease) throws InterruptedException {
        return conduct(
                lease, family -> new TaskBatchRun(batch, lease, family, stores, time).conduct());
    }

    Outcome perform(TaskCall call, Lease lease) throws InterruptedException {
        return conduct(
                lease, family -> new TaskCallRun(call, lease, family, stores, time).conduct());
    }

    Outcome perform(Workflow workflow, Lease lease) throws InterruptedException {
        return conduct(
                lease, family -> new WorkflowRun(workflow, lease, family, stores, time).conduct());
    }

    @FunctionalInterface
    private interface Conduct {
        Outcome with(Family family) throws InterruptedException;
    }

    /// A store that fails may have done what it was told: the next attempt looks.
    private Outcome conduct(Lease lease, Conduct conduct) throws InterruptedException {
        try (var family = new Family(lease, means)) {
            underWay.put(lease.run().id(), family);
            if (stopping) {
                family.stop();
            }
            return conduct.with(family);
        } catch (RuntimeException e) {
            log.log(Level.WARNING, "run " + lease.run().id() + " looks again after a fault", e);
            return new Outcome.Postponed(
                    "looks again after a fault: " + e.getMessage(),
                    time.instant().plus(AFTER_A_FAULT));
        } finally {
            underWay.remove(lease.run().id());
        }
    }

    /// Sets all aside that are under way, for whoever goes on with them; the runs that they see to
    /// go on by themselves. To be called when the node stops.
    public void stop() {
        stopping = true;
        underWay.values().forEach(Family::stop);
    }
}
