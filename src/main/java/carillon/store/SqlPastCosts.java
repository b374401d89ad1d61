package carillon.store;

import carillon.budget.PastCosts;
import carillon.task.TaskId;
import java.util.Optional;

/// What tasks have cost, in SQL: the responses tell.
final class SqlPastCosts implements PastCosts {
    private final Database database;

    SqlPastCosts(Foundation foundation) {
        this.database = foundation.database();
    }

    static final String LATEST =
            """
            SELECT cost_nanodollars FROM response
             WHERE task_id = :task AND cost_nanodollars IS NOT NULL
             ORDER BY id DESC
             LIMIT :limit
            """;

    @Override
    public Optional<Average> latest(TaskId task, int answers) {
        var costs =
                database.read(
                        "look what task " + task + " has cost",
                        session ->
                                session.query(LATEST)
                                        .bind("task", task.value())
                                        .bind("limit", answers)
                                        .mapTo(Long.class)
                                        .list());
        var average = costs.stream().mapToLong(Long::longValue).average();
        return average.isEmpty()
                ? Optional.empty()
                : Optional.of(new Average(Math.round(average.getAsDouble()), costs.size()));
    }
}
