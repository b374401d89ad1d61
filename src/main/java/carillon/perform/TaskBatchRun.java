package carillon.perform;

import carillon.action.TaskBatch;
import carillon.ai.Spending;
import carillon.batch.Standing;
import carillon.batch.Standing.Mark;
import carillon.batch.Totals;
import carillon.run.FamilyStore.Child;
import carillon.run.Lease;
import carillon.run.LeaseStore.NewRun;
import carillon.run.Occasion;
import carillon.run.Outcome;
import carillon.run.RunState;
import carillon.run.Trigger;
import carillon.task.Task;
import carillon.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One attempt at seeing to the tasks of a batch: some at a time, in the order of their ids, so
/// that the last one begun says where to go on.
final class TaskBatchRun {
    private static final Duration BETWEEN_STANDINGS = Duration.ofMillis(500);

    private final TaskBatch batch;
    private final Lease lease;
    private final Family family;
    private final Conducting.Stores stores;
    private final InstantSource time;
    private final Instant began;
    private final long members;
    private Optional<TaskId> last = Optional.empty();
    private boolean allBegun;
    private Totals totals = Totals.NONE;
    private long resumed;
    private Instant writeAt;

    TaskBatchRun(
            TaskBatch batch,
            Lease lease,
            Family family,
            Conducting.Stores stores,
            InstantSource time) {
        this.batch = batch;
        this.lease = lease;
        this.family = family;
        this.stores = stores;
        this.time = time;
        this.began = time.instant();
        this.writeAt = began;
        this.members = stores.oneShots().countMembers(batch.api(), batch.batch());
    }

    Outcome conduct() throws InterruptedException {
        var known = family.all();
        known.stream()
                .map(Child::task)
                .max((one, other) -> Long.compare(one.value(), other.value()))
                .ifPresent(task -> last = Optional.of(task));
        count(known.stream().filter(child -> child.state().isFinal()).toList());
        resumed = totals.rows();
        for (boolean first = true; true; first = false) {
            if (family.isStopping()) {
                write(Mark.GOES_ON);
                return BatchOutcomes.later("goes on when the server does", now(), List.of());
            }
            if (isTimeToWrite() && write(Mark.GOES_ON) == Mark.PAUSED) {
                return first
                        ? BatchOutcomes.stillPaused(now())
                        : BatchOutcomes.paused(now(), List.of());
            }
            beginMore();
            if (allBegun && family.open() == 0) {
                write(Mark.WHOLE);
                return BatchOutcomes.whole(totals);
            }
            count(family.awaitEnds());
        }
    }

    private void beginMore() throws InterruptedException {
        int free = batch.concurrency() - family.open();
        if (allBegun || free <= 0) {
            return;
        }
        var next = stores.oneShots().members(batch.api(), batch.batch(), last, free);
        allBegun = next.size() < free;
        if (!next.isEmpty()) {
            last = Optional.of(next.getLast().id());
            family.begin(next.stream().map(this::run).toList(), List.of());
        }
    }

    private NewRun run(Task task) {
        int priority = task.definition().policies().priority();
        var occasion =
                new Occasion(
                        Trigger.BATCH,
                        Optional.empty(),
                        now(),
                        priority,
                        Optional.of(lease.run().id()));
        return new NewRun(stores.leases().newId(), task.id(), task.version(), occasion);
    }

    private void count(List<Child> ended) {
        var ids = ended.stream().map(Child::id).toList();
        var spent = new ArrayList<>(ids.isEmpty() ? List.<Spending>of() : spendings(ended));
        var spending = spent.stream().reduce(Spending.NONE, Spending::plus);
        long well = ended.stream().filter(child -> child.state() == RunState.SUCCEEDED).count();
        var tokens = spending.tokens();
        totals =
                new Totals(
                        totals.succeeded() + well,
                        totals.failed() + ended.size() - well,
                        totals.inputTokens() + tokens.map(each -> each.input()).orElse(0L),
                        totals.outputTokens() + tokens.map(each -> each.output()).orElse(0L),
                        totals.costNanodollars() + spending.costNanodollars().orElse(0));
    }

    private List<Spending> spendings(List<Child> ended) {
        return List.copyOf(
                stores.runs().spendings(ended.stream().map(Child::id).toList()).values());
    }

    private boolean isTimeToWrite() {
        return !time.instant().isBefore(writeAt);
    }

    private Mark write(Mark mark) {
        var now = time.instant();
        writeAt = now.plus(BETWEEN_STANDINGS);
        var standing = new Standing(members, totals, resumed, began, now, mark);
        return stores.batches().write(lease.run().id(), standing);
    }

    private Instant now() {
        return time.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
