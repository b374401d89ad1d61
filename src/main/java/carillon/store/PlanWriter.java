package carillon.store;

import static carillon.store.Columns.text;

import carillon.cluster.Holder;
import carillon.run.Lease;
import carillon.run.Occasion;
import carillon.run.Plan;
import carillon.run.Progress;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunState;
import carillon.run.Trigger;
import carillon.task.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes plans, within one transaction. The rows of open slots go in one batch, and so do the new
/// places of the schedules.
final class PlanWriter {
    private final Transaction transaction;
    private final Ids.Range ids;
    private final Instant now;
    private final List<Run> open = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private final List<Lease> leases = new ArrayList<>();

    PlanWriter(Transaction transaction, Ids.Range ids, Instant now) {
        this.transaction = transaction;
        this.ids = ids;
        this.now = now;
    }

    static final String ADVANCE =
            """
            UPDATE task
               SET next_fire_at = given.next_fire_at, look_again_at = given.look_again_at,
                   planned = planned + given.added, newest_fire_at = given.newest_fire_at
              FROM /* rows: id bigint, next_fire_at bigint, look_again_at bigint, added bigint, \
            newest_fire_at bigint */
             WHERE task.id = given.id
            """;

    /// Where a task's schedule stands after the plan.
    private record Place(long task, Plan plan, Optional<Instant> newest) {
        static void write(Rows.Fields fields, Place place) {
            fields.set("id", place.task);
            fields.set("next_fire_at", place.plan.nextFireAt());
            fields.set("look_again_at", place.plan.lookAgainAt());
            fields.set("added", place.plan.runsAdded());
            fields.set("newest_fire_at", place.newest);
        }
    }

    /// What has been written, and the leases of the runs that the holder got.
    record Written(List<SqlSlotStore.Decided> decided, List<Lease> leases) {}

    Written write(List<SqlSlotStore.Decided> decided, Optional<Holder> holder) {
        for (var one : decided) {
            write(one.task(), one.plan(), holder);
        }
        Rows.insert(transaction, RunRows.INSERT, open, RunRows::write);
        Rows.change(transaction, ADVANCE, places, Place::write);
        return new Written(decided, leases);
    }

    private void write(Task task, Plan plan, Optional<Holder> holder) {
        var newest = task.progress().plannedUntil().orElse(Instant.MIN);
        boolean isFirst = true;
        @Nullable Tail tail = null;
        for (var slot : plan.slots()) {
            switch (slot) {
                case Plan.Slot.Open open -> {
                    writeOpen(task, open, open.fireTime().isAfter(newest), holder);
                    tail = null;
                    newest = later(newest, open.fireTime());
                }
                case Plan.Slot.Closed closed -> {
                    boolean isNew = closed.fireTime().isAfter(newest);
                    var before = isFirst ? newestRow(task) : tail;
                    tail = writeClosed(task, closed, before, isNew);
                    newest = later(newest, closed.lastFireTime());
                }
            }
            isFirst = false;
        }
        var planned = Optional.of(newest).filter(at -> !at.equals(Instant.MIN));
        places.add(new Place(task.id().value(), plan, planned));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private void writeOpen(Task task, Plan.Slot.Open slot, boolean isNew, Optional<Holder> holder) {
        var policies = task.definition().policies();
        var occasion =
                new Occasion(
                        Trigger.SCHEDULE,
                        Optional.of(slot.fireTime()),
                        slot.dueAt(),
                        policies.priority(),
                        Optional.empty());
        var version = new Definitions.Key(task.id().value(), task.version());
        var run =
                RunRows.queued(
                        new RunId(ids.next()),
                        version,
                        occasion,
                        policies.retry().attempts(),
                        holder);
        if (!write(run, isNew)) {
            return;
        }
        transaction.events().add(run, RunState.QUEUED, "");
        holder.ifPresent(to -> leases.add(new Lease(run, task.definition(), task.origin(), to)));
    }

    /// Only a fire time that is not after the newest planned one can have a row already.
    private boolean write(Run run, boolean isNew) {
        if (isNew) {
            open.add(run);
            return true;
        }
        return Rows.insert(transaction, RunRows.INSERT_IF_NEW, List.of(run), RunRows::write) == 1;
    }

    /// The row that a closed slot can extend.
    private record Tail(long id, int version, RunState state, String reason) {
        boolean isContinuedBy(Plan.Slot.Closed slot, int inVersion) {
            return version == inVersion && state == slot.state() && reason.equals(slot.reason());
        }
    }

    static final String NEWEST_ROW =
            """
            SELECT id, version, state, reason FROM run
             WHERE task_id = :task AND step IS NULL AND trigger = 'SCHEDULE'
             ORDER BY id DESC
             LIMIT 1
            """;

    private @Nullable Tail newestRow(Task task) {
        return transaction
                .query(NEWEST_ROW)
                .bind("task", task.id().value())
                .map(
                        (row, _) ->
                                new Tail(
                                        row.getLong("id"),
                                        row.getInt("version"),
                                        RunState.valueOf(row.getString("state")),
                                        row.getString("reason")))
                .findOne()
                .orElse(null);
    }

    private static final String EXTEND =
            """
            UPDATE run
               SET last_fire_time = :lastFireTime, count = count + :added, finished_at = :now
             WHERE id = :id
            """;

    private static final String INSERT_CLOSED =
            """
            INSERT INTO run (id, task_id, version, trigger, fire_time, last_fire_time, count,
                             due_at, priority, state, reason, attempt, max_attempts, finished_at)
            VALUES (:id, :task, :version, 'SCHEDULE', :fireTime, :lastFireTime, :count,
                    :fireTime, :priority, :state, :reason, 0, :maxAttempts, :now)
                ON CONFLICT (fire_time, task_id) WHERE trigger = 'SCHEDULE' DO NOTHING
            """;

    private @Nullable Tail writeClosed(
            Task task, Plan.Slot.Closed slot, @Nullable Tail before, boolean isNew) {
        if (isNew && before != null && before.isContinuedBy(slot, task.version())) {
            transaction
                    .update(EXTEND)
                    .bind("id", before.id)
                    .bind("lastFireTime", slot.lastFireTime().toEpochMilli())
                    .bind("added", slot.count())
                    .bind("now", now.toEpochMilli())
                    .execute();
            announce(task, slot, before.id);
            return before;
        }
        long id = ids.next();
        int written = insertClosed(task, slot, id);
        if (written == 0) {
            return null;
        }
        announce(task, slot, id);
        return new Tail(id, task.version(), slot.state(), slot.reason());
    }

    private int insertClosed(Task task, Plan.Slot.Closed slot, long id) {
        var policies = task.definition().policies();
        boolean isRange = slot.count() > 1;
        return transaction
                .update(INSERT_CLOSED)
                .bind("id", id)
                .bind("task", task.id().value())
                .bind("version", task.version())
                .bind("fireTime", slot.fireTime().toEpochMilli())
                .bind("lastFireTime", isRange ? slot.lastFireTime().toEpochMilli() : null)
                .bind("count", slot.count())
                .bind("priority", policies.priority())
                .bind("state", slot.state().name())
                .bind("reason", text(slot.reason()))
                .bind("maxAttempts", policies.retry().attempts())
                .bind("now", now.toEpochMilli())
                .execute();
    }

    /// Tells of the slots that were added; of a row that was extended, not of those before.
    private void announce(Task task, Plan.Slot.Closed slot, long id) {
        var policies = task.definition().policies();
        var occasion =
                new Occasion(
                        Trigger.SCHEDULE,
                        Optional.of(slot.fireTime()),
                        slot.fireTime(),
                        policies.priority(),
                        Optional.empty());
        var progress =
                new Progress(
                        slot.state(),
                        slot.reason(),
                        0,
                        policies.retry().attempts(),
                        0,
                        0,
                        Optional.empty(),
                        Progress.Times.NONE);
        var run =
                new Run(
                        new RunId(id),
                        task.id(),
                        task.version(),
                        occasion,
                        progress,
                        slot.count(),
                        Optional.of(slot.lastFireTime()));
        transaction.events().add(run, slot.state(), slot.reason());
    }
}
