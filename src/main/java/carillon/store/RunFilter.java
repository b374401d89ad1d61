package carillon.store;

import carillon.run.RunQuery;
import carillon.run.RunState;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// The statement for a [RunQuery]: each kind of question has an index that answers it in order.
final class RunFilter {
    private static final Set<RunState> OPEN = EnumSet.of(RunState.QUEUED, RunState.RUNNING);
    private static final Set<RunState> NOT_SUCCEEDED =
            EnumSet.of(RunState.FAILED, RunState.CANCELLED, RunState.SKIPPED, RunState.MISSED);

    private RunFilter() {}

    /// Names `task` and `before` where the query has them, and always `limit` and `offset`.
    static String list(RunQuery query) {
        var all = query.states();
        if (query.task().isEmpty() && all.size() > 1 && NOT_SUCCEEDED.containsAll(all)) {
            return merged(query);
        }
        return "SELECT * FROM run"
                + where(query, all)
                + " ORDER BY id DESC LIMIT :limit OFFSET :offset";
    }

    static String count(RunQuery query) {
        return "SELECT count(*) FROM run" + where(query, query.states());
    }

    /// The newest of each state are in order in the index; the newest of several are among them.
    private static String merged(RunQuery query) {
        return query.states().stream()
                .sorted()
                .map(
                        state ->
                                "SELECT * FROM (SELECT * FROM run"
                                        + where(query, Set.of(state))
                                        + " ORDER BY id DESC LIMIT :limit + :offset) AS "
                                        + state)
                .collect(
                        Collectors.joining(
                                " UNION ALL ",
                                "",
                                " ORDER BY id DESC LIMIT :limit OFFSET :offset"));
    }

    private static String where(RunQuery query, Set<RunState> states) {
        var where = new StringBuilder(" WHERE TRUE");
        query.task().ifPresent(_ -> where.append(" AND task_id = :task AND step IS NULL"));
        query.before().ifPresent(_ -> where.append(" AND id < :before"));
        if (states.isEmpty()) {
            return where.toString();
        }
        where.append(" AND state IN ").append(list(states));
        // Said once more in the words of an index that holds these states only.
        if (OPEN.containsAll(states)) {
            where.append(" AND state IN ('QUEUED', 'RUNNING')");
        } else if (NOT_SUCCEEDED.containsAll(states)) {
            where.append(" AND state IN ('FAILED', 'CANCELLED', 'SKIPPED', 'MISSED')");
        }
        return where.toString();
    }

    private static String list(Set<RunState> states) {
        return states.stream()
                .sorted()
                .map(state -> "'" + state + "'")
                .collect(Collectors.joining(", ", "(", ")"));
    }
}
