package carillon.store;

import static carillon.store.Columns.instant;
import static carillon.store.Columns.millis;

import carillon.cluster.Holder;
import carillon.run.LeaseStore;
import carillon.run.LeaseStore.Rescued;
import carillon.run.Run;
import carillon.run.RunState;
import carillon.task.Delivery;
import carillon.task.Policies;
import carillon.task.TaskDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.PreparedBatch;

/// Takes the runs of dead nodes within one transaction. A life that is found dead is marked as
/// ended first, so that it cannot be renewed by a node that thinks otherwise.
final class Rescue {
    private final Transaction transaction;
    private final Definitions definitions;
    private final Instant now;
    private final PreparedBatch requeues;
    private final PreparedBatch failures;
    private final PreparedBatch attempts;

    Rescue(Transaction transaction, Definitions definitions, Instant now) {
        this.transaction = transaction;
        this.definitions = definitions;
        this.now = now;
        this.requeues = transaction.batch(REQUEUE);
        this.failures = transaction.batch(FAIL);
        this.attempts = transaction.batch(INSERT_ATTEMPT);
    }

    /// A full lock: it waits for whoever is just taking leases in the name of such a life.
    private static final String DEAD =
            """
            SELECT epoch FROM node WHERE ended OR lease_until <= :now
             ORDER BY epoch
            /* lock, skip locked */
            """;

    private static final String END =
            "UPDATE node SET ended = TRUE WHERE epoch IN (/* ids */) AND NOT ended";

    /// `+ 0` keeps SQLite from walking over all of history to save the sorting.
    static final String HELD =
            """
            SELECT run.*, node.lease_until + node.ahead AS theirs_until
              FROM run JOIN node ON node.epoch = run.epoch
             WHERE run.epoch IN (/* ids */) AND run.node IS NOT NULL
               AND run.state IN ('QUEUED', 'RUNNING')
             ORDER BY run.id + 0
             LIMIT :limit
            /* lock runs, skip locked */
            """;

    private static final String REQUEUE =
            """
            UPDATE run
               SET state = 'QUEUED', node = NULL, epoch = NULL, attempt_started_at = NULL,
                   reason = :reason, max_attempts = max_attempts + 1, rescues = rescues + :deaths,
                   unused = unused + 1 - :deaths
             WHERE id = :id
            """;

    private static final String FAIL =
            """
            UPDATE run
               SET state = 'FAILED', reason = :reason, rescues = rescues + 1, finished_at = :now
             WHERE id = :id
            """;

    private static final String INSERT_ATTEMPT =
            """
            INSERT INTO attempt (run_id, attempt, state, reason, node, started_at, finished_at)
            VALUES (:run, :attempt, 'FAILED', :reason, :node, :startedAt, :now)
            """;

    static final String FORGET =
            """
            DELETE FROM node
             WHERE epoch IN (/* ids */)
               AND NOT EXISTS (SELECT 1 FROM run
                                WHERE run.epoch = node.epoch AND run.node IS NOT NULL
                                  AND run.state IN ('QUEUED', 'RUNNING'))
            """;

    /// `theirsUntil` is when the lease was over by the clock of the dead node.
    private record Held(Run run, Instant theirsUntil) {
        Holder from() {
            return run.progress().holder().orElseThrow();
        }
    }

    /// Takes those whose lease is over at `judged`, which is now by the clock that leases go by.
    List<Rescued> run(Instant judged, int limit) {
        new Turns(transaction).letGoForgotten(limit);
        var dead =
                transaction.query(DEAD).bind("now", judged.toEpochMilli()).mapTo(Long.class).list();
        if (dead.isEmpty()) {
            return List.of();
        }
        transaction.update(END, dead).execute();
        var held =
                transaction
                        .query(HELD, dead)
                        .bind("limit", limit)
                        .map((row, _) -> new Held(RunRows.map(row), instant(row, "theirs_until")))
                        .list();
        var rescued = rescue(held);
        transaction.update(FORGET, dead).execute();
        return rescued;
    }

    private List<Rescued> rescue(List<Held> held) {
        var keys = held.stream().map(one -> RunRows.key(one.run)).distinct().toList();
        var known = definitions.find(transaction, keys);
        var rescued = new ArrayList<Rescued>();
        for (var one : held) {
            var definition = Optional.ofNullable(known.get(RunRows.key(one.run)));
            var policies = definition.map(TaskDefinition::policies).orElse(Policies.DEFAULT);
            boolean conducts =
                    definition.filter(whole -> own(one.run, whole).action().conducts()).isPresent();
            var state = conducts ? goOn(one) : rescue(one, policies);
            rescued.add(new Rescued(one.run.id(), one.from(), state));
        }
        Session.run(requeues);
        Session.run(failures);
        Session.run(attempts);
        return rescued;
    }

    /// What the run does: all of its task, or a step of it.
    private static TaskDefinition own(Run run, TaskDefinition whole) {
        return run.occasion().step().map(whole::ofStep).orElse(whole);
    }

    /// What only sees to other runs has done nothing that could have killed a node.
    private RunState goOn(Held held) {
        requeue(held, "", 0);
        transaction.events().add(held.run, RunState.QUEUED, "");
        return RunState.QUEUED;
    }

    private RunState rescue(Held held, Policies policies) {
        if (!mayHaveBegun(held, policies)) {
            requeue(held, "", 0);
            transaction.events().add(held.run, RunState.QUEUED, "");
            return RunState.QUEUED;
        }
        var reason = "node " + held.from() + " died while it ran";
        if (policies.delivery() == Delivery.AT_MOST_ONCE) {
            return fail(held, "unknown: " + reason + "; it may or may not have happened");
        }
        if (held.run.progress().rescues() + 1 >= LeaseStore.MAX_RESCUES) {
            return fail(
                    held, "quarantined: " + LeaseStore.MAX_RESCUES + " nodes died while it ran");
        }
        requeue(held, reason, 1);
        keepAttempt(held, reason);
        transaction.events().addRetrying(held.run, reason);
        return RunState.QUEUED;
    }

    /// Short attempts are never written as RUNNING. So a run that is leased has surely not begun
    /// only when it was to be written as RUNNING first, or when it was not due in its holder's
    /// life, by that one's clock.
    private static boolean mayHaveBegun(Held held, Policies policies) {
        if (held.run.state() == RunState.RUNNING) {
            return true;
        }
        return !policies.startsThroughGate() && !held.run.dueAt().isAfter(held.theirsUntil);
    }

    private void requeue(Held held, String reason, int deaths) {
        requeues.bind("id", held.run.id().value())
                .bind("reason", reason)
                .bind("deaths", deaths)
                .add();
    }

    private RunState fail(Held held, String reason) {
        failures.bind("id", held.run.id().value())
                .bind("reason", reason)
                .bind("now", now.toEpochMilli())
                .add();
        transaction.events().add(held.run, RunState.FAILED, reason);
        return RunState.FAILED;
    }

    private void keepAttempt(Held held, String reason) {
        attempts.bind("run", held.run.id().value())
                .bind("attempt", held.run.attempt())
                .bind("reason", reason)
                .bind("node", held.from().node())
                .bind("startedAt", millis(held.run.progress().times().attemptStartedAt()))
                .bind("now", now.toEpochMilli())
                .add();
    }
}
