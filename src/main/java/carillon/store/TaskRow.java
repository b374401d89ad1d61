package carillon.store;

import static carillon.store.Columns.instant;
import static carillon.store.Columns.optionalInstant;

import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.Query;

/// A row of `task`, to be completed with the definition of the version in force.
record TaskRow(
        long id,
        String origin,
        int version,
        boolean paused,
        Task.Progress progress,
        Instant createdAt,
        Instant updatedAt) {

    static TaskRow map(ResultSet row) throws SQLException {
        return new TaskRow(
                row.getLong("id"),
                row.getString("origin"),
                row.getInt("version"),
                row.getBoolean("paused"),
                new Task.Progress(
                        optionalInstant(row, "next_fire_at"),
                        optionalInstant(row, "newest_fire_at"),
                        row.getLong("planned")),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private Definitions.Key key() {
        return new Definitions.Key(id, version);
    }

    /// The tasks that a query for whole rows finds, in its order. One whose version is gone has
    /// been deleted in between, and is left out.
    static List<Task> tasks(Session session, Definitions definitions, Query query) {
        return tasks(session, definitions, query, Map.of());
    }

    /// The same, where some definitions have been `read` before.
    static List<Task> tasks(
            Session session,
            Definitions definitions,
            Query query,
            Map<Definitions.Key, TaskDefinition> read) {
        var rows = query.map((row, _) -> map(row)).list();
        var known = definitions.find(session, rows.stream().map(TaskRow::key).toList(), read);
        return rows.stream()
                .flatMap(row -> Stream.ofNullable(known.get(row.key())).map(row::with))
                .toList();
    }

    private Task with(TaskDefinition definition) {
        return new Task(
                new TaskId(id),
                origin,
                version,
                definition,
                paused,
                createdAt,
                updatedAt,
                progress);
    }

    static Optional<Task> task(Session session, Definitions definitions, Query query) {
        return tasks(session, definitions, query).stream().findFirst();
    }
}
