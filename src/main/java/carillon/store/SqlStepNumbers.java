package carillon.store;

import carillon.workflow.StepNumbers;
import java.util.List;
import java.util.OptionalLong;

/// Numbers of steps in SQL. They go with their workflow.
final class SqlStepNumbers implements StepNumbers {
    private final Database database;
    private final Ids ids;

    SqlStepNumbers(Foundation foundation) {
        this.database = foundation.database();
        this.ids = foundation.ids();
    }

    @Override
    public long assign(long workflow) {
        long number = ids.next();
        database.write(
                "number a step of workflow " + workflow,
                transaction ->
                        transaction
                                .update(
                                        "INSERT INTO step_number (id, task_id)"
                                                + " VALUES (:id, :task)")
                                .bind("id", number)
                                .bind("task", workflow)
                                .execute());
        return number;
    }

    @Override
    public OptionalLong workflowOf(long number) {
        return database.read(
                "find the workflow of step " + number,
                session ->
                        session.query("SELECT task_id FROM step_number WHERE id = :id")
                                .bind("id", number)
                                .mapTo(Long.class)
                                .findOne()
                                .map(OptionalLong::of)
                                .orElse(OptionalLong.empty()));
    }

    private static final String LIST =
            "SELECT id, task_id FROM step_number WHERE id > :after ORDER BY id LIMIT :limit";

    @Override
    public List<Numbered> list(long after, int limit) {
        return database.read(
                "list numbers of steps",
                session ->
                        session.query(LIST)
                                .bind("after", after)
                                .bind("limit", limit)
                                .map(
                                        (row, _) ->
                                                new Numbered(
                                                        row.getLong("id"), row.getLong("task_id")))
                                .list());
    }

    @Override
    public void forget(long number) {
        database.write(
                "forget step " + number,
                transaction ->
                        transaction
                                .update("DELETE FROM step_number WHERE id = :id")
                                .bind("id", number)
                                .execute());
    }
}
