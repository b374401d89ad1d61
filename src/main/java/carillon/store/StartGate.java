package carillon.store;

import static carillon.store.Columns.text;

import carillon.run.Lease;
import carillon.run.Progress;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunState;
import carillon.run.Start;
import carillon.task.ConcurrencyPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.PreparedBatch;

/// Decides within one transaction which leased runs may start. The rows of their tasks are locked
/// first, so that nodes which start runs of the same task do so one after another.
final class StartGate {
    private final Transaction transaction;
    private final Instant now;
    private final Map<RunId, Run> open = new HashMap<>();
    private final PreparedBatch starts;
    private final PreparedBatch skips;
    private final PreparedBatch waits;

    StartGate(Transaction transaction, Instant now) {
        this.transaction = transaction;
        this.now = now;
        this.starts = transaction.batch(START);
        this.skips = transaction.batch(SKIP);
        this.waits = transaction.batch(Turns.HOLD_BACK);
    }

    private static final String LOCK_TASKS =
            "SELECT id FROM task WHERE id IN (/* ids */) ORDER BY id /* lock */";

    private static final String LOCK_RUNS =
            "SELECT * FROM run WHERE id IN (/* ids */) ORDER BY id /* lock */";

    /// `coalesce` keeps SQLite from going through all runs of a task, which have an index without
    /// steps. `coalesce` keeps SQLite from the index of all of a task's runs.
    static final String OPEN =
            """
            SELECT * FROM run
             WHERE task_id IN (/* ids */) AND coalesce(step, '') = ''
               AND state IN ('QUEUED', 'RUNNING')
            """;

    private static final String START =
            """
            UPDATE run
               SET state = 'RUNNING', attempt_started_at = :now,
                   started_at = CASE WHEN started_at IS NULL THEN :now ELSE started_at END
             WHERE id = :id
            """;

    private static final String SKIP =
            """
            UPDATE run SET state = 'SKIPPED', reason = :reason, finished_at = :now WHERE id = :id
            """;

    List<Start> decide(List<Lease> leases) {
        var gated = leases.stream().filter(StartGate::dependsOnOthers).toList();
        var tasks = gated.stream().map(lease -> lease.run().task().value()).distinct().toList();
        if (!tasks.isEmpty()) {
            transaction.query(LOCK_TASKS, tasks).mapTo(Long.class).list();
        }
        var ids = leases.stream().map(lease -> lease.run().id().value()).toList();
        read(
                LOCK_RUNS,
                ids); // Locked, so that what is decided for them is still true when written.
        if (!tasks.isEmpty()) {
            read(OPEN, tasks);
        }
        var answers = leases.stream().map(this::decide).toList();
        Session.run(starts);
        Session.run(skips);
        Session.run(waits);
        return answers;
    }

    private static boolean dependsOnOthers(Lease lease) {
        return lease.definition().policies().concurrency() != ConcurrencyPolicy.ALLOW;
    }

    private void read(String statement, List<Long> ids) {
        transaction
                .query(statement, ids)
                .map((row, _) -> RunRows.map(row))
                .forEach(run -> open.put(run.id(), run));
    }

    private Start decide(Lease lease) {
        var found =
                Optional.ofNullable(open.get(lease.run().id())).filter(row -> isHeld(row, lease));
        if (found.isEmpty()) {
            return new Start.Lost(lease);
        }
        var run = found.get();
        if (run.state() == RunState.RUNNING) {
            return new Start.Go(lease, List.of());
        }
        return switch (lease.definition().policies().concurrency()) {
            case ALLOW -> start(lease, run, List.of());
            case FORBID -> startUnlessOverlapping(lease, run);
            case REPLACE -> startInstead(lease, run);
            case QUEUE -> startInTurn(lease, run);
        };
    }

    private static boolean isHeld(Run row, Lease lease) {
        return !row.state().isFinal()
                && row.attempt() == lease.run().attempt()
                && row.progress().holder().equals(Optional.of(lease.holder()));
    }

    private Start startUnlessOverlapping(Lease lease, Run run) {
        var earlier = begunBefore(run).stream().findFirst();
        return earlier.isEmpty()
                ? start(lease, run, List.of())
                : skip(lease, run, earlier.get().id());
    }

    private Start startInstead(Lease lease, Run run) {
        var replaced = new ArrayList<RunId>();
        Session.run(starts); // One of those to be cancelled may be among them.
        for (var earlier : begunBefore(run)) {
            var reason = "replaced by run " + run.id();
            SqlLeaseStore.cancel(transaction, earlier.id(), reason, now)
                    .ifPresent(cancelled -> replaced.add(cancelled.id()));
            open.remove(earlier.id());
        }
        return start(lease, run, replaced);
    }

    private Start startInTurn(Lease lease, Run run) {
        boolean isFirst = begunBefore(run).isEmpty() && waitingBefore(run).isEmpty();
        return isFirst ? start(lease, run, List.of()) : holdBack(lease, run);
    }

    /// The task's other runs that have begun and not ended, the first to begin first. A run that
    /// has begun itself and waits for its next attempt heeds those that began before it only, so
    /// that two never wait for each other.
    private List<Run> begunBefore(Run run) {
        return others(run)
                .filter(other -> started(other).isPresent())
                .filter(other -> started(run).isEmpty() || BY_START.compare(other, run) < 0)
                .sorted(BY_START)
                .toList();
    }

    /// The task's other runs that have not begun and are due earlier; none when the run has begun.
    private List<Run> waitingBefore(Run run) {
        return others(run)
                .filter(other -> started(run).isEmpty() && started(other).isEmpty())
                .filter(other -> BY_DUE_TIME.compare(other, run) < 0)
                .toList();
    }

    private Stream<Run> others(Run run) {
        return open.values().stream()
                .filter(other -> other.task().equals(run.task()) && !other.id().equals(run.id()))
                .filter(other -> !other.state().isFinal());
    }

    private static Optional<Instant> started(Run run) {
        return run.progress().times().startedAt();
    }

    private static final Comparator<Run> BY_START =
            Comparator.comparing((Run run) -> started(run).orElse(Instant.MAX))
                    .thenComparingLong(run -> run.id().value());

    private static final Comparator<Run> BY_DUE_TIME =
            Comparator.comparing(Run::dueAt).thenComparingLong(run -> run.id().value());

    private Start start(Lease lease, Run run, List<RunId> replaced) {
        starts.bind("id", run.id().value()).bind("now", now.toEpochMilli()).add();
        transaction.events().add(run, RunState.RUNNING, "");
        open.put(run.id(), begun(run));
        return new Start.Go(lease, replaced);
    }

    private Run begun(Run run) {
        var progress = run.progress();
        var times =
                new Progress.Times(
                        progress.times().startedAt().or(() -> Optional.of(now)),
                        Optional.of(now),
                        Optional.empty());
        var running =
                new Progress(
                        RunState.RUNNING,
                        progress.reason(),
                        progress.attempt(),
                        progress.maxAttempts(),
                        progress.rescues(),
                        progress.unused(),
                        progress.holder(),
                        times);
        return new Run(
                run.id(),
                run.task(),
                run.version(),
                run.occasion(),
                running,
                run.count(),
                run.lastFireTime());
    }

    private Start holdBack(Lease lease, Run run) {
        waits.bind("id", run.id().value()).add();
        return new Start.Waits(lease);
    }

    private Start skip(Lease lease, Run run, RunId earlier) {
        var reason = "run " + earlier + " had not ended";
        skips.bind("id", run.id().value())
                .bind("reason", text(reason))
                .bind("now", now.toEpochMilli())
                .add();
        transaction.events().add(run, RunState.SKIPPED, reason);
        open.remove(run.id());
        return new Start.Overlaps(lease, earlier);
    }
}
