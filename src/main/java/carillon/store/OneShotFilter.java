package carillon.store;

import carillon.oneshot.OneShotQuery;
import carillon.run.RunState;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// The statements for a [OneShotQuery]. They go over the API's list, newest first or as asked, and
/// stop when the page is full; where few runs are in the states that are asked for, over these.
final class OneShotFilter {
    private static final Set<RunState> OPEN = EnumSet.of(RunState.QUEUED, RunState.RUNNING);
    private static final Set<RunState> NOT_SUCCEEDED =
            EnumSet.of(RunState.FAILED, RunState.CANCELLED, RunState.SKIPPED, RunState.MISSED);

    /// A task is made shortly after its id was taken, and ids of a block are given out for a while.
    private static final Duration SLACK = Duration.ofMinutes(10);

    private OneShotFilter() {}

    /// Names `limit` and `offset`, and what the query has.
    static String list(OneShotQuery query) {
        return "SELECT task.* FROM task_listing AS listed JOIN task ON task.id = listed.task_id"
                + where(query)
                + " ORDER BY "
                + order(query.order())
                + " LIMIT :limit OFFSET :offset";
    }

    static String count(OneShotQuery query) {
        boolean plain = query.created().equals(OneShotQuery.Created.ANY);
        return "SELECT count(*) FROM task_listing AS listed"
                + (plain ? "" : " JOIN task ON task.id = listed.task_id")
                + where(query);
    }

    private static String order(OneShotQuery.Order order) {
        var direction = order.ascending() ? " ASC" : " DESC";
        var made = "listed.task_id" + direction;
        return switch (order.field()) {
            case CREATED -> made;
            case UPDATED -> "task.updated_at" + direction + ", " + made;
            case NAME -> "task.name" + direction + ", " + made;
        };
    }

    private static String where(OneShotQuery query) {
        var where = new StringBuilder(" WHERE listed.list = :api");
        query.batch()
                .ifPresent(
                        _ ->
                                where.append(
                                        " AND listed.task_id IN (SELECT task_id FROM client_task"
                                                + " WHERE api = :api AND batch = :batch)"));
        query.created()
                .after()
                .ifPresent(
                        at ->
                                where.append(" AND task.created_at > :after")
                                        .append(" AND listed.task_id >= ")
                                        .append(Ids.at(at.minus(SLACK))));
        query.created().before().ifPresent(_ -> where.append(" AND task.created_at < :before"));
        if (!query.states().isEmpty()) {
            appendStates(query.states(), where);
        }
        return where.toString();
    }

    private static void appendStates(Set<RunState> states, StringBuilder where) {
        where.append(" AND coalesce((SELECT run.state FROM run")
                .append(" WHERE run.task_id = listed.task_id AND run.step IS NULL")
                .append(" ORDER BY run.id DESC LIMIT 1),")
                .append(" 'QUEUED') IN ")
                .append(list(states));
        if (NOT_SUCCEEDED.containsAll(states)) {
            appendIndexed(NOT_SUCCEEDED, where);
        } else if (OPEN.containsAll(states) && !states.contains(RunState.QUEUED)) {
            appendIndexed(OPEN, where);
        }
    }

    /// In the words of an index that holds these states only.
    private static void appendIndexed(Set<RunState> states, StringBuilder where) {
        where.append(" AND listed.task_id IN (SELECT task_id FROM run WHERE state IN ")
                .append(list(states))
                .append(')');
    }

    private static String list(Set<RunState> states) {
        return states.stream()
                .sorted()
                .map(state -> "'" + state + "'")
                .collect(Collectors.joining(", ", "(", ")"));
    }
}
