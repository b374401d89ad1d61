package carillon.store;

import static carillon.store.Columns.instant;
import static carillon.store.Columns.millis;
import static carillon.store.Columns.number;
import static carillon.store.Columns.optionalInt;
import static carillon.store.Columns.text;

import carillon.audit.Change;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.task.TaskQuery;
import carillon.task.TaskStore;
import carillon.task.TaskVersion;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Tasks and their versions in SQL.
final class SqlTaskStore implements TaskStore {
    private final Database database;
    private final Ids ids;
    private final Definitions definitions;
    private final TaskListings listings;

    SqlTaskStore(Foundation foundation) {
        this.database = foundation.database();
        this.ids = foundation.ids();
        this.definitions = foundation.definitions();
        this.listings = foundation.listings();
    }

    @Override
    public TaskId newId() {
        return new TaskId(ids.next());
    }

    private static final String INSERT =
            """
            INSERT INTO task (id, origin, name, search_text, version, paused, planned,
                              next_fire_at, look_again_at, newest_fire_at, created_at, updated_at)
            VALUES (:id, :origin, :name, :searchText, :version, :paused, :planned,
                    :nextFireAt, :nextFireAt, :newestFireAt, :createdAt, :updatedAt)
            """;

    @Override
    public void create(Task task, TaskVersion first) {
        var definition = definitions.write(first.task(), first.definition());
        database.write(
                "create task " + task.id(),
                transaction -> {
                    insert(transaction, task, first, definition);
                    return true;
                });
        definitions.keep(first);
    }

    /// `definition` is that of the first version, as it is written.
    void insert(Transaction transaction, Task task, TaskVersion first, String definition) {
        transaction
                .update(INSERT)
                .bind("id", task.id().value())
                .bind("origin", task.origin())
                .bind("name", text(task.definition().name()))
                .bind("searchText", searchText(task.definition()))
                .bind("version", task.version())
                .bind("paused", task.paused())
                .bind("planned", task.progress().planned())
                .bind("nextFireAt", millis(task.progress().nextFireAt()))
                .bind("newestFireAt", millis(task.progress().plannedUntil()))
                .bind("createdAt", task.createdAt().toEpochMilli())
                .bind("updatedAt", task.updatedAt().toEpochMilli())
                .execute();
        insertVersion(transaction, first, definition, first.firesAfter());
        listings.enter(transaction, task.id(), task.definition(), task.paused());
        announce(transaction, "task.created", task);
        audit(transaction, "create", task, "version " + task.version());
    }

    private static final String INSERT_VERSION =
            """
            INSERT INTO task_version (task_id, version, definition, fires_after, created_at,
                                      created_by, rolled_back_from)
            VALUES (:task, :version, :definition, :firesAfter, :createdAt, :createdBy,
                    :rolledBackFrom)
            """;

    private static void insertVersion(
            Transaction transaction, TaskVersion version, String definition, Instant firesAfter) {
        transaction
                .update(INSERT_VERSION)
                .bind("task", version.task().value())
                .bind("version", version.version())
                .bind("definition", definition)
                .bind("firesAfter", firesAfter.toEpochMilli())
                .bind("createdAt", version.createdAt().toEpochMilli())
                .bind("createdBy", text(version.createdBy()))
                .bind("rolledBackFrom", number(version.rolledBackFrom()))
                .execute();
    }

    private static String searchText(TaskDefinition definition) {
        return text((definition.name() + "\n" + definition.description()).toLowerCase(Locale.ROOT));
    }

    private static final String FIND = "SELECT * FROM task WHERE id = :id";

    @Override
    public Optional<Task> find(TaskId id) {
        return database.read(
                "read task " + id,
                session ->
                        TaskRow.task(
                                session, definitions, session.query(FIND).bind("id", id.value())));
    }

    @Override
    public List<Task> list(TaskQuery query) {
        return database.read(
                "list tasks",
                session -> {
                    var listing =
                            session.query(TaskFilter.list(query))
                                    .bind("limit", query.limit())
                                    .bind("offset", query.offset());
                    return TaskRow.tasks(session, definitions, TaskFilter.bind(listing, query));
                });
    }

    @Override
    public long count(TaskQuery query) {
        var all =
                new TaskQuery(
                        query.list(),
                        query.paused(),
                        query.text(),
                        OptionalLong.empty(),
                        0,
                        query.limit());
        return database.read("count tasks", session -> count(session, all));
    }

    private static long count(Session session, TaskQuery all) {
        return TaskFilter.bind(session.query(TaskFilter.count(all)), all).mapTo(Long.class).one();
    }

    /// The order of the index is that of the next fire time but for tasks that are planned at
    /// another moment; so a few more are read than asked for.
    static final String NEXT_TO_RUN =
            """
            SELECT * FROM task
             WHERE look_again_at IS NOT NULL AND NOT paused
             ORDER BY look_again_at
             LIMIT :limit
            """;

    static final String NEXT_OF_LONG_LIST =
            """
            SELECT * FROM task
             WHERE look_again_at IS NOT NULL AND NOT paused
               AND EXISTS (SELECT 1 FROM task_listing WHERE list = :list AND task_id = task.id)
             ORDER BY look_again_at
             LIMIT :limit
            """;

    /// Where a few tasks of very many stand in the list, going by time could mean to go through all
    /// the others.
    static final String NEXT_OF_SHORT_LIST =
            """
            SELECT * FROM task
             WHERE id IN (SELECT task_id FROM task_listing WHERE list = :list AND NOT paused)
               AND look_again_at IS NOT NULL
             ORDER BY look_again_at
             LIMIT :limit
            """;

    private static final int SHORT = 5_000;
    private static final int SLACK = 50;

    @Override
    public List<Task> nextToRun(Optional<String> list, int limit) {
        var tasks =
                database.read(
                        "list the tasks that run next",
                        session -> {
                            var next = session.query(nextToRun(session, list));
                            list.ifPresent(name -> next.bind("list", name));
                            return TaskRow.tasks(
                                    session, definitions, next.bind("limit", limit + SLACK));
                        });
        return tasks.stream()
                .filter(task -> task.progress().nextFireAt().isPresent())
                .sorted(Comparator.comparing(task -> task.progress().nextFireAt().orElseThrow()))
                .limit(limit)
                .toList();
    }

    private static String nextToRun(Session session, Optional<String> list) {
        if (list.isEmpty()) {
            return NEXT_TO_RUN;
        }
        var active = TaskQuery.part(list.get(), Optional.of(false), 0, 0);
        return count(session, active) <= SHORT ? NEXT_OF_SHORT_LIST : NEXT_OF_LONG_LIST;
    }

    private static final String LOCK = "SELECT * FROM task WHERE id = :id /* lock */";

    static Optional<Task> lock(Transaction transaction, Definitions definitions, TaskId id) {
        return TaskRow.task(
                transaction, definitions, transaction.query(LOCK).bind("id", id.value()));
    }

    private static final String CHANGE =
            """
            UPDATE task
               SET version = :version, name = :name, search_text = :searchText,
                   next_fire_at = CASE WHEN :rescheduled THEN :nextFireAt ELSE next_fire_at END,
                   look_again_at = CASE WHEN :rescheduled THEN :nextFireAt ELSE look_again_at END,
                   updated_at = :updatedAt
             WHERE id = :id
            """;

    @Override
    public boolean addVersion(TaskVersion version, int expectedVersion) {
        var definition = definitions.write(version.task(), version.definition());
        return database.write(
                "change task " + version.task(),
                transaction -> {
                    var task = lock(transaction, definitions, version.task());
                    if (task.isEmpty() || task.get().version() != expectedVersion) {
                        return false;
                    }
                    var firesAfter = firesAfter(version, task.get());
                    insertVersion(transaction, version, definition, firesAfter);
                    change(transaction, version, task.get(), firesAfter);
                    listings.change(
                            transaction,
                            task.get().id(),
                            version.definition(),
                            task.get().paused());
                    transaction
                            .events()
                            .addTask(
                                    "task.updated",
                                    version.task().value(),
                                    version.definition().name(),
                                    version.version());
                    audit(transaction, "update", task.get(), versions(task.get(), version));
                    return true;
                });
    }

    private static Instant firesAfter(TaskVersion version, Task task) {
        return task.progress()
                .plannedUntil()
                .filter(version.firesAfter()::isBefore)
                .orElse(version.firesAfter());
    }

    /// A schedule that stays as it was goes on where it stands.
    private static void change(
            Transaction transaction, TaskVersion version, Task task, Instant firesAfter) {
        var timetable = version.definition().timetable();
        var next = timetable.flatMap(known -> known.next(firesAfter)).map(fire -> fire.at());
        transaction
                .update(CHANGE)
                .bind("id", task.id().value())
                .bind("version", version.version())
                .bind("name", text(version.definition().name()))
                .bind("searchText", searchText(version.definition()))
                .bind("rescheduled", !timetable.equals(task.definition().timetable()))
                .bind("nextFireAt", millis(next))
                .bind("updatedAt", version.createdAt().toEpochMilli())
                .execute();
    }

    private static final String VERSIONS =
            "SELECT * FROM task_version WHERE task_id = :task ORDER BY version DESC";

    @Override
    public List<TaskVersion> versions(TaskId id) {
        return database.read(
                "read the versions of task " + id,
                session ->
                        session.query(VERSIONS)
                                .bind("task", id.value())
                                .map((row, _) -> version(row))
                                .list());
    }

    private static final String VERSION =
            "SELECT * FROM task_version WHERE task_id = :task AND version = :version";

    @Override
    public Optional<TaskVersion> version(TaskId id, int version) {
        return database.read(
                "read a version of task " + id,
                session ->
                        session.query(VERSION)
                                .bind("task", id.value())
                                .bind("version", version)
                                .map((row, _) -> version(row))
                                .findOne());
    }

    private TaskVersion version(ResultSet row) throws SQLException {
        long task = row.getLong("task_id");
        int version = row.getInt("version");
        return new TaskVersion(
                new TaskId(task),
                version,
                definitions.read(task, version, row.getString("definition")),
                instant(row, "fires_after"),
                instant(row, "created_at"),
                row.getString("created_by"),
                optionalInt(row, "rolled_back_from"));
    }

    static final String VERSION_AT =
            """
            SELECT version FROM task_version
             WHERE task_id = :task AND fires_after < :fireTime
             ORDER BY version DESC
             LIMIT 1
            """;

    @Override
    public OptionalInt versionAt(TaskId id, Instant fireTime) {
        var version =
                database.read(
                        "read the versions of task " + id,
                        session ->
                                session.query(VERSION_AT)
                                        .bind("task", id.value())
                                        .bind("fireTime", fireTime.toEpochMilli())
                                        .mapTo(Integer.class)
                                        .findOne());
        return version.map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    /// The planner looks anew: a paused task may have been put off further than its next fire time.
    private static final String SET_PAUSED =
            """
            UPDATE task SET paused = :paused, look_again_at = next_fire_at, updated_at = :now
             WHERE id = :id
            """;

    @Override
    public boolean setPaused(TaskId id, boolean paused, Instant now) {
        return database.write(
                (paused ? "pause task " : "resume task ") + id,
                transaction -> {
                    var task = lock(transaction, definitions, id);
                    if (task.isEmpty()) {
                        return false;
                    }
                    if (task.get().paused() == paused) {
                        return true;
                    }
                    transaction
                            .update(SET_PAUSED)
                            .bind("id", id.value())
                            .bind("paused", paused)
                            .bind("now", now.toEpochMilli())
                            .execute();
                    listings.setPaused(transaction, id, paused);
                    announce(transaction, paused ? "task.paused" : "task.resumed", task.get());
                    audit(transaction, paused ? "pause" : "resume", task.get(), "");
                    return true;
                });
    }

    private static String versions(Task before, TaskVersion after) {
        var rollback =
                after.rolledBackFrom().isPresent()
                        ? " as of version " + after.rolledBackFrom().getAsInt()
                        : "";
        return "version " + before.version() + " to " + after.version() + rollback;
    }

    private static void audit(Transaction transaction, String verb, Task task, String detail) {
        transaction.audit(Change.of("task", verb, task.id(), task.definition().name(), detail));
    }

    private static void announce(Transaction transaction, String type, Task task) {
        transaction
                .events()
                .addTask(type, task.id().value(), task.definition().name(), task.version());
    }

    /// Steps have an index of their own.
    static final String RUNS =
            """
             (SELECT id FROM run WHERE task_id = :id AND step IS NULL
              UNION ALL
              SELECT id FROM run WHERE task_id = :id AND step IS NOT NULL)
            """;

    private static final List<String> DELETE =
            List.of(
                    "DELETE FROM delivery WHERE owner IN" + RUNS,
                    "DELETE FROM newest_output WHERE task_id = :id",
                    "DELETE FROM output WHERE run_id IN" + RUNS,
                    "DELETE FROM response WHERE task_id = :id",
                    "DELETE FROM attempt WHERE run_id IN" + RUNS,
                    "DELETE FROM batch_standing WHERE run_id IN" + RUNS,
                    "DELETE FROM transcript WHERE run_id IN" + RUNS,
                    "DELETE FROM run_input WHERE run_id IN" + RUNS,
                    "DELETE FROM run WHERE id IN" + RUNS,
                    "DELETE FROM task_version WHERE task_id = :id",
                    "DELETE FROM step_number WHERE task_id = :id",
                    "DELETE FROM client_task WHERE task_id = :id",
                    "DELETE FROM pruned_task WHERE task_id = :id",
                    TaskTallies.DELETE_TALLIES,
                    TaskTallies.DELETE_TOKENS,
                    TaskTallies.DELETE,
                    TaskListings.DELETE,
                    "DELETE FROM task WHERE id = :id");

    @Override
    public boolean delete(TaskId id) {
        return database.write(
                "delete task " + id,
                transaction -> {
                    var task = lock(transaction, definitions, id);
                    if (task.isEmpty()) {
                        return false;
                    }
                    remove(transaction, task.get(), "");
                    return true;
                });
    }

    /// With all that belongs to it; `detail` says why, where nobody asked for it.
    static void remove(Transaction transaction, Task task, String detail) {
        DELETE.forEach(part -> transaction.update(part).bind("id", task.id().value()).execute());
        announce(transaction, "task.deleted", task);
        audit(transaction, "delete", task, detail);
    }
}
