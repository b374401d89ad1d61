package carillon.store;

import static carillon.store.Columns.text;

import carillon.task.TaskQuery;
import java.util.Locale;
import org.jdbi.v3.core.statement.Query;

/// The statements for a [TaskQuery]. A list is paged and counted in `task_listing`, on its index;
/// `task` is read for the page alone.
final class TaskFilter {
    private TaskFilter() {}

    /// Names `limit` and `offset`, and what [#bind] binds.
    static String list(TaskQuery query) {
        var page = " ORDER BY %s DESC LIMIT :limit OFFSET :offset";
        return query.list().isEmpty()
                ? "SELECT * FROM task" + where(query) + page.formatted("id")
                : "SELECT * FROM task WHERE id IN (SELECT task_id FROM task_listing"
                        + listed(query)
                        + page.formatted("task_id")
                        + ") ORDER BY id DESC";
    }

    static String count(TaskQuery query) {
        return query.list().isEmpty()
                ? "SELECT count(*) FROM task" + where(query)
                : "SELECT count(*) FROM task_listing" + listed(query);
    }

    private static final String MATCHES = "search_text LIKE :pattern ESCAPE '!'";

    private static String where(TaskQuery query) {
        var where = new StringBuilder(" WHERE TRUE");
        appendPaused(query, where);
        query.text().ifPresent(_ -> where.append(" AND ").append(MATCHES));
        query.before().ifPresent(_ -> where.append(" AND id < :before"));
        return where.toString();
    }

    private static String listed(TaskQuery query) {
        var where = new StringBuilder(" WHERE list = :list");
        appendPaused(query, where);
        query.text()
                .ifPresent(
                        _ ->
                                where.append(
                                        " AND EXISTS (SELECT 1 FROM task WHERE id = task_id AND "
                                                + MATCHES
                                                + ")"));
        query.before().ifPresent(_ -> where.append(" AND task_id < :before"));
        return where.toString();
    }

    private static void appendPaused(TaskQuery query, StringBuilder where) {
        query.paused()
                .ifPresent(
                        paused -> where.append(paused ? " AND paused = TRUE" : " AND NOT paused"));
    }

    static Query bind(Query statement, TaskQuery query) {
        query.list().ifPresent(list -> statement.bind("list", list));
        query.text().ifPresent(text -> statement.bind("pattern", pattern(text)));
        query.before().ifPresent(before -> statement.bind("before", before));
        return statement;
    }

    private static String pattern(String text) {
        var literal = text(text).toLowerCase(Locale.ROOT).replaceAll("[!%_]", "!$0");
        return "%" + literal + "%";
    }
}
