package carillon.store;

import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.task.TaskLists;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Keeps `task_listing` true to the tasks: each of them stands in the lists whose rule holds for
/// its definition in force.
final class TaskListings {
    private static final System.Logger LOGGER = System.getLogger(TaskListings.class.getName());
    private static final int TASKS_AT_ONCE = 500;

    private final TaskLists lists;

    TaskListings(TaskLists lists) {
        this.lists = lists;
    }

    private static final String ENTER =
            """
            INSERT INTO task_listing (list, task_id, paused) VALUES (:list, :task, :paused)
            ON CONFLICT (list, task_id) DO UPDATE SET paused = excluded.paused
            """;

    /// Of a task that stands in none yet.
    void enter(Transaction transaction, TaskId task, TaskDefinition definition, boolean paused) {
        var batch = transaction.batch(ENTER);
        for (var list : lists.of(definition)) {
            batch.bind("list", list).bind("task", task.value()).bind("paused", paused).add();
        }
        Session.run(batch);
        if (lists.areCounted(definition)) {
            TaskTallies.begin(transaction, task);
        }
    }

    private static final String LEAVE =
            "DELETE FROM task_listing WHERE list = :list AND task_id = :task";

    /// Of a task whose definition changes.
    void change(Transaction transaction, TaskId task, TaskDefinition definition, boolean paused) {
        enter(transaction, task, definition, paused);
        var standing = lists.of(definition);
        var batch = transaction.batch(LEAVE);
        for (var list : lists.rules().keySet()) {
            if (!standing.contains(list)) {
                batch.bind("list", list).bind("task", task.value()).add();
            }
        }
        Session.run(batch);
    }

    private static final String SET_PAUSED =
            """
            UPDATE task_listing SET paused = :paused
             WHERE list IN (SELECT name FROM task_list) AND task_id = :task
            """;

    void setPaused(Transaction transaction, TaskId task, boolean paused) {
        transaction.update(SET_PAUSED).bind("paused", paused).bind("task", task.value()).execute();
    }

    /// One of the statements that delete a task, whose id they call `id`.
    static final String DELETE =
            """
            DELETE FROM task_listing
             WHERE list IN (SELECT name FROM task_list) AND task_id = :id
            """;

    private static final String FILLED = "SELECT name, revision FROM task_list";

    /// Fills the lists that are new, and those that were filled by an older or newer rule.
    void fill(Database database, Definitions definitions) {
        if (lists.rules().isEmpty() || filled(database).equals(wanted())) {
            return;
        }
        long filled = 0;
        for (long after = 0; ; ) {
            var page = fillPage(database, definitions, after);
            filled += page.size();
            if (page.size() < TASKS_AT_ONCE) {
                break;
            }
            after = page.getLast().id().value();
        }
        database.write("note the filled lists", this::noteFilled);
        if (filled > 0) {
            LOGGER.log(Level.INFO, "sorted {0} tasks into the lists of the APIs", filled);
        }
    }

    private Map<String, Integer> wanted() {
        return lists.rules().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, rule -> rule.getValue().revision()));
    }

    private Map<String, Integer> filled(Database database) {
        return database.read(
                "read which lists are filled",
                session ->
                        session
                                .query(FILLED)
                                .map((row, _) -> Map.entry(row.getString(1), row.getInt(2)))
                                .stream()
                                .filter(filled -> lists.rules().containsKey(filled.getKey()))
                                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private static final String TASKS_AFTER =
            "SELECT * FROM task WHERE id > :after ORDER BY id LIMIT :limit /* lock */";

    private List<Task> fillPage(Database database, Definitions definitions, long after) {
        return database.write(
                "fill the lists of tasks",
                transaction -> {
                    var page =
                            TaskRow.tasks(
                                    transaction,
                                    definitions,
                                    transaction
                                            .query(TASKS_AFTER)
                                            .bind("after", after)
                                            .bind("limit", TASKS_AT_ONCE));
                    for (var task : page) {
                        change(transaction, task.id(), task.definition(), task.paused());
                    }
                    return page;
                });
    }

    private static final String NOTE_FILLED =
            """
            INSERT INTO task_list (name, revision) VALUES (:name, :revision)
            ON CONFLICT (name) DO UPDATE SET revision = excluded.revision
            """;

    private boolean noteFilled(Transaction transaction) {
        var batch = transaction.batch(NOTE_FILLED);
        lists.rules()
                .forEach(
                        (name, rule) ->
                                batch.bind("name", name).bind("revision", rule.revision()).add());
        Session.run(batch);
        return true;
    }
}
