package carillon.store;

import carillon.task.TaskId;

/// Whose turn it is among the runs of a task that run one after another. A run that is not the
/// first stands back in the queue, held by nobody, so that it takes no room anywhere; the end of
/// the run before it lets it go.
final class Turns {
    private final Transaction transaction;

    Turns(Transaction transaction) {
        this.transaction = transaction;
    }

    /// The attempt number is used up, which is no fault of the run.
    static final String HOLD_BACK =
            """
            UPDATE run
               SET waits = TRUE, node = NULL, epoch = NULL, max_attempts = max_attempts + 1,
                   unused = unused + 1
             WHERE id = :id
            """;

    private static final String LET_GO =
            """
            UPDATE run SET waits = FALSE
             WHERE id = (SELECT id FROM run
                          WHERE task_id = :task AND state = 'QUEUED' AND waits
                          ORDER BY due_at, id
                          LIMIT 1)
            """;

    /// Lets the first of the task's waiting runs go, if there is one.
    void next(TaskId task) {
        transaction.update(LET_GO).bind("task", task.value()).execute();
    }

    private static final String TASKS_WITH_WAITING =
            """
            SELECT DISTINCT task_id FROM run WHERE state = 'QUEUED' AND waits LIMIT :limit
            """;

    private static final String LET_GO_IF_FIRST =
            """
            UPDATE run SET waits = FALSE
             WHERE id = (SELECT id FROM run
                          WHERE task_id = :task AND state = 'QUEUED' AND waits
                          ORDER BY due_at, id
                          LIMIT 1)
               AND NOT EXISTS (SELECT 1 FROM run AS other
                                WHERE other.task_id = :task AND other.step IS NULL
                                  AND NOT other.waits
                                  AND other.state IN ('QUEUED', 'RUNNING')
                                  AND (other.started_at IS NOT NULL
                                       OR other.due_at <= run.due_at))
            """;

    /// Lets waiting runs go whose turn it is without anybody having said so: the run before them
    /// was cancelled, deleted or given up.
    void letGoForgotten(int limit) {
        var tasks =
                transaction.query(TASKS_WITH_WAITING).bind("limit", limit).mapTo(Long.class).list();
        for (long task : tasks) {
            transaction.update(LET_GO_IF_FIRST).bind("task", task).execute();
        }
    }
}
