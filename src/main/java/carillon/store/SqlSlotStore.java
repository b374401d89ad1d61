package carillon.store;

import carillon.cluster.Holder;
import carillon.run.Plan;
import carillon.run.SlotStore;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The planner's view of tasks, and the rows that it brings about, in SQL.
final class SqlSlotStore implements SlotStore {
    private static final Planned NOTHING = new Planned(List.of(), 0);

    /// How many ids are taken for the rows of tasks that have more than one.
    private static final int SPARE = 16;

    private final Foundation foundation;

    SqlSlotStore(Foundation foundation) {
        this.foundation = foundation;
    }

    static final String VERSIONS_TO_LOOK_AT =
            """
            SELECT id, version FROM task
             WHERE look_again_at <= :until
             ORDER BY look_again_at
             LIMIT :limit
            """;

    /// Read before the transaction that plans, in which others wait: a herd of tasks that were not
    /// used lately takes a while to be read.
    private Map<Definitions.Key, TaskDefinition> definitionsToLookAt(Instant until, int limit) {
        return foundation
                .database()
                .read(
                        "look for tasks to plan",
                        session -> {
                            var versions =
                                    session.query(VERSIONS_TO_LOOK_AT)
                                            .bind("until", until.toEpochMilli())
                                            .bind("limit", limit)
                                            .map(
                                                    (row, _) ->
                                                            new Definitions.Key(
                                                                    row.getLong("id"),
                                                                    row.getInt("version")))
                                            .list();
                            return foundation.definitions().find(session, versions);
                        });
    }

    static final String TO_LOOK_AT =
            """
            SELECT * FROM task
             WHERE look_again_at <= :until
             ORDER BY look_again_at
             LIMIT :limit
            /* lock, skip locked */
            """;

    @Override
    public Planned plan(Instant until, int limit, Holder holder, Function<Task, Plan> decide) {
        var known = definitionsToLookAt(until, limit);
        if (known.isEmpty()) {
            return NOTHING;
        }
        var written =
                write(
                        "plan tasks",
                        known.size() + SPARE,
                        transaction -> {
                            if (!SqlNodeStore.keepsAlive(transaction, holder)) {
                                return List.of();
                            }
                            var query =
                                    transaction
                                            .query(TO_LOOK_AT)
                                            .bind("until", until.toEpochMilli())
                                            .bind("limit", limit);
                            return TaskRow.tasks(
                                            transaction, foundation.definitions(), query, known)
                                    .stream()
                                    .map(task -> new Decided(task, decide.apply(task)))
                                    .toList();
                        },
                        Optional.of(holder));
        return new Planned(written.leases(), written.decided().size());
    }

    @Override
    public Optional<Plan> planOne(TaskId task, Function<Task, Plan> decide) {
        var written =
                write(
                        "plan task " + task,
                        SPARE,
                        transaction ->
                                SqlTaskStore.lock(transaction, foundation.definitions(), task)
                                        .map(found -> new Decided(found, decide.apply(found)))
                                        .stream()
                                        .toList(),
                        Optional.empty());
        return written.decided().stream().findFirst().map(Decided::plan);
    }

    /// A task as it was read and locked, and what is to be written for it.
    record Decided(Task task, Plan plan) {}

    /// Takes ids, decides and writes. The ids must be taken before the transaction begins; when the
    /// decision turns out to need more, nothing is written and it is made again with enough.
    private PlanWriter.Written write(
            String doing,
            int ids,
            Function<Transaction, List<Decided>> decide,
            Optional<Holder> holder) {
        int wanted = ids;
        while (true) {
            var range = foundation.ids().take(wanted);
            var written =
                    foundation
                            .database()
                            .write(
                                    doing,
                                    transaction ->
                                            write(
                                                    transaction,
                                                    range,
                                                    decide.apply(transaction),
                                                    holder));
            if (written.isPresent()) {
                return written.get();
            }
            wanted *= 8;
        }
    }

    private Optional<PlanWriter.Written> write(
            Transaction transaction,
            Ids.Range range,
            List<Decided> decided,
            Optional<Holder> holder) {
        if (rows(decided) > range.left()) {
            return Optional.empty();
        }
        var now = foundation.clock().instant();
        return Optional.of(new PlanWriter(transaction, range, now).write(decided, holder));
    }

    private static long rows(List<Decided> decided) {
        return decided.stream().mapToLong(one -> one.plan().slots().size()).sum();
    }

    static final String NEXT_LOOK =
            "SELECT min(look_again_at) FROM task WHERE look_again_at IS NOT NULL";

    @Override
    public Optional<Instant> nextLook() {
        return foundation
                .database()
                .read(
                        "look for the next task to plan",
                        session -> session.query(NEXT_LOOK).mapTo(Long.class).findOne())
                .map(Instant::ofEpochMilli);
    }
}
