package carillon.store;

import static carillon.store.Columns.text;

import carillon.cluster.Holder;
import carillon.oneshot.ClientName;
import carillon.oneshot.OneShotQuery;
import carillon.oneshot.OneShotStore;
import carillon.run.LeaseStore;
import carillon.run.Run;
import carillon.run.RunState;
import carillon.task.Task;
import carillon.task.TaskId;
import carillon.task.TaskVersion;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;

/// The names of clients, and one-shot tasks, in SQL.
final class SqlOneShotStore implements OneShotStore {
    private final Database database;
    private final Definitions definitions;
    private final SqlTaskStore tasks;
    private final SqlLeaseStore leases;

    SqlOneShotStore(Foundation foundation, SqlTaskStore tasks, SqlLeaseStore leases) {
        this.database = foundation.database();
        this.definitions = foundation.definitions();
        this.tasks = tasks;
        this.leases = leases;
    }

    private static final String NAME =
            """
            INSERT INTO client_task (api, client_id, task_id, batch, once_key, fingerprint)
            VALUES (:api, :id, :task, :batch, :key, :fingerprint)
            ON CONFLICT DO NOTHING
            """;

    private static final String USED_BY =
            """
            SELECT task_id, fingerprint FROM client_task WHERE api = :api AND once_key = :key
            """;

    @Override
    public Created create(
            Task task,
            TaskVersion first,
            ClientName name,
            Optional<LeaseStore.NewRun> run,
            Optional<Holder> holder) {
        var definition = definitions.write(task.id(), first.definition());
        var created =
                database.write(
                        "create task " + name.id(),
                        transaction -> {
                            if (!put(transaction, task.id(), name)) {
                                return conflict(transaction, name);
                            }
                            tasks.insert(transaction, task, first, definition);
                            return new Created.Done(
                                    leases.enqueueIn(transaction, run.stream().toList(), holder));
                        });
        if (created instanceof Created.Done) {
            definitions.keep(first);
        }
        return created;
    }

    /// Undoes a transaction.
    private static final class TakenException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Named which;

        private TakenException(Named which) {
            super("taken: " + which.name().id(), null, false, false);
            this.which = which;
        }
    }

    @Override
    public Optional<Named> createAll(List<Named> wanted) {
        var written =
                wanted.stream()
                        .map(one -> definitions.write(one.task().id(), one.first().definition()))
                        .toList();
        try {
            database.write(
                    "create " + wanted.size() + " tasks",
                    transaction -> {
                        for (int i = 0; i < wanted.size(); i++) {
                            var one = wanted.get(i);
                            if (!put(transaction, one.task().id(), one.name())) {
                                throw new TakenException(one);
                            }
                            tasks.insert(transaction, one.task(), one.first(), written.get(i));
                        }
                        return wanted.size();
                    });
        } catch (TakenException e) {
            return Optional.of(e.which);
        }
        wanted.forEach(one -> definitions.keep(one.first()));
        return Optional.empty();
    }

    private static boolean put(Transaction transaction, TaskId task, ClientName name) {
        return transaction
                        .update(NAME)
                        .bind("api", name.api())
                        .bind("id", name.id())
                        .bind("task", task.value())
                        .bind("batch", name.batch().orElse(null))
                        .bind("key", name.once().map(once -> text(once.key())).orElse(null))
                        .bind("fingerprint", fingerprint(name))
                        .execute()
                == 1;
    }

    private static String fingerprint(ClientName name) {
        return name.once().map(ClientName.Once::fingerprint).orElse("");
    }

    private static Created conflict(Session session, ClientName name) {
        return name.once()
                .flatMap(
                        once ->
                                session.query(USED_BY)
                                        .bind("api", name.api())
                                        .bind("key", text(once.key()))
                                        .map(SqlOneShotStore::used)
                                        .findOne())
                .orElseGet(Created.IdTaken::new);
    }

    private static Created used(ResultSet row, org.jdbi.v3.core.statement.StatementContext context)
            throws SQLException {
        return new Created.KeyUsed(
                new TaskId(row.getLong("task_id")), row.getString("fingerprint"));
    }

    static final String FORGETTABLE =
            """
            SELECT client_task.task_id FROM client_task
              JOIN task ON task.id = client_task.task_id
             WHERE client_task.batch IS NULL AND task.created_at < :madeBefore
               AND task.look_again_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM run
                                WHERE run.task_id = task.id AND run.step IS NULL)
             LIMIT :limit
            """;

    /// In one transaction, which others wait for: each is some fifteen statements.
    private static final int MAX_FORGOTTEN = 20;

    private static final String HAS_RUNS =
            """
            SELECT count(*) FROM (
                SELECT 1 FROM run WHERE task_id = :id AND step IS NULL LIMIT 1
            ) AS one
            """;

    @Override
    public int forget(Instant madeBefore, int limit) {
        var old =
                database.read(
                        "look for old one-shot tasks",
                        session ->
                                session.query(FORGETTABLE)
                                        .bind("madeBefore", madeBefore.toEpochMilli())
                                        .bind("limit", limit)
                                        .mapTo(Long.class)
                                        .list());
        int gone = 0;
        for (int i = 0; i < old.size(); i += MAX_FORGOTTEN) {
            var some = old.subList(i, Math.min(old.size(), i + MAX_FORGOTTEN));
            gone += database.write("forget old one-shot tasks", all -> forget(all, some));
        }
        return gone;
    }

    private int forget(Transaction transaction, List<Long> ids) {
        int gone = 0;
        for (long id : ids) {
            gone += forget(transaction, new TaskId(id)) ? 1 : 0;
        }
        return gone;
    }

    /// One that was asked again meanwhile, or has a schedule, stays.
    private boolean forget(Transaction transaction, TaskId id) {
        var task = SqlTaskStore.lock(transaction, definitions, id);
        if (task.isEmpty()
                || task.get().definition().timetable().isPresent()
                || transaction.query(HAS_RUNS).bind("id", id.value()).mapTo(Long.class).one() > 0) {
            return false;
        }
        SqlTaskStore.remove(transaction, task.get(), "its history is older than the retention");
        return true;
    }

    static final String FIND =
            "SELECT task_id FROM client_task WHERE api = :api AND client_id = :id";

    @Override
    public Optional<TaskId> find(String api, String id) {
        return database.read(
                        "find task " + id,
                        session ->
                                session.query(FIND)
                                        .bind("api", api)
                                        .bind("id", id)
                                        .mapTo(Long.class)
                                        .findOne())
                .map(TaskId::new);
    }

    static final String MEMBERS =
            """
            SELECT task.* FROM client_task JOIN task ON task.id = client_task.task_id
             WHERE client_task.api = :api AND client_task.batch = :batch
               AND client_task.batch IS NOT NULL AND client_task.task_id > :after
             ORDER BY client_task.task_id
             LIMIT :limit
            """;

    @Override
    public List<Task> members(String api, String batch, Optional<TaskId> after, int limit) {
        return database.read(
                "list the tasks of batch " + batch,
                session ->
                        TaskRow.tasks(
                                session,
                                definitions,
                                session.query(MEMBERS)
                                        .bind("api", api)
                                        .bind("batch", batch)
                                        .bind("after", after.map(TaskId::value).orElse(0L))
                                        .bind("limit", limit)));
    }

    static final String COUNT_MEMBERS =
            """
            SELECT count(*) FROM client_task
             WHERE api = :api AND batch = :batch AND batch IS NOT NULL
            """;

    @Override
    public long countMembers(String api, String batch) {
        return database.read(
                "count the tasks of batch " + batch,
                session ->
                        session.query(COUNT_MEMBERS)
                                .bind("api", api)
                                .bind("batch", batch)
                                .mapTo(Long.class)
                                .one());
    }

    static final String NAMES = "SELECT * FROM client_task WHERE task_id IN (/* ids */)";

    @Override
    public Map<TaskId, ClientName> names(String api, List<TaskId> tasks) {
        var named =
                database.read(
                        "read the names of tasks",
                        session ->
                                session.query(NAMES, values(tasks))
                                        .map(
                                                (row, _) ->
                                                        Map.entry(
                                                                new TaskId(row.getLong("task_id")),
                                                                name(row)))
                                        .list());
        return named.stream()
                .filter(entry -> entry.getValue().api().equals(api))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static List<Long> values(List<TaskId> tasks) {
        return tasks.stream().map(TaskId::value).toList();
    }

    private static ClientName name(ResultSet row) throws SQLException {
        var key = Optional.ofNullable(row.getString("once_key"));
        var fingerprint = row.getString("fingerprint");
        return new ClientName(
                row.getString("api"),
                row.getString("client_id"),
                Optional.ofNullable(row.getString("batch")),
                key.map(text -> new ClientName.Once(text, fingerprint)));
    }

    @Override
    public List<Task> list(OneShotQuery query) {
        return database.read(
                "list one-shot tasks",
                session ->
                        TaskRow.tasks(
                                session,
                                definitions,
                                bind(session.query(OneShotFilter.list(query)), query)
                                        .bind("limit", query.limit())
                                        .bind("offset", query.offset())));
    }

    @Override
    public long count(OneShotQuery query) {
        return database.read(
                "count one-shot tasks",
                session ->
                        bind(session.query(OneShotFilter.count(query)), query)
                                .mapTo(Long.class)
                                .one());
    }

    private static Query bind(Query statement, OneShotQuery query) {
        statement.bind("api", query.api());
        query.batch().ifPresent(batch -> statement.bind("batch", batch));
        query.created().after().ifPresent(at -> statement.bind("after", at.toEpochMilli()));
        query.created().before().ifPresent(at -> statement.bind("before", at.toEpochMilli()));
        return statement;
    }

    static final String NEWEST =
            """
            SELECT * FROM run
             WHERE id IN (SELECT (SELECT max(newest.id) FROM run AS newest
                                   WHERE newest.task_id = task.id AND newest.step IS NULL)
                            FROM task WHERE task.id IN (/* ids */))
            """;

    @Override
    public Map<TaskId, Run> newestRuns(List<TaskId> tasks) {
        return database
                .read(
                        "read the newest runs",
                        session ->
                                session.query(NEWEST, values(tasks))
                                        .map((row, _) -> RunRows.map(row))
                                        .list())
                .stream()
                .collect(Collectors.toMap(Run::task, run -> run));
    }

    static final String OPEN =
            """
            SELECT state, count(*) AS runs FROM run
             WHERE state IN ('QUEUED', 'RUNNING')
               AND EXISTS (SELECT 1 FROM task_listing
                            WHERE list = :api AND task_listing.task_id = run.task_id)
             GROUP BY state
            """;

    @Override
    public Map<RunState, Long> openRuns(String api) {
        var counts = new EnumMap<RunState, Long>(RunState.class);
        database.read(
                "count the runs of one-shot tasks",
                session ->
                        session.query(OPEN)
                                .bind("api", api)
                                .map(
                                        (row, _) ->
                                                counts.put(
                                                        RunState.valueOf(row.getString("state")),
                                                        row.getLong("runs")))
                                .list());
        return counts;
    }
}
