package carillon.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/// Ends transactions of nodes that wait for their node in the middle of a statement's messages: one
/// that was stopped as a whole then. They hold locks, and with them the runs of the node and the
/// lock on its life, and PostgreSQL's own limit for idle transactions does not see them, since to
/// it they are not idle. Any node may end those of any other, for they are of one role.
final class StuckTransactions {
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger log = System.getLogger(StuckTransactions.class.getName());

    private final String application;
    private final Duration patience;
    private volatile Set<Stuck> seen = Set.of();

    /// `since` is when the transaction began, in the database's words.
    private record Stuck(int process, String since) {}

    /// Looks at connections that name themselves `application`, and leaves them `patience` in which
    /// nothing comes from their client.
    StuckTransactions(String application, Duration patience) {
        this.application = application;
        this.patience = patience;
    }

    private static final String FIND =
            """
            SELECT pid, xact_start::text AS since FROM pg_stat_activity
             WHERE datname = current_database() AND usename = current_user
               AND application_name = :application AND pid <> pg_backend_pid()
               AND state <> 'idle' AND wait_event = 'ClientRead'
               AND greatest(query_start, state_change)
                   < clock_timestamp() - :patience * interval '1 millisecond'
            """;

    private static final String END =
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE pid = :process AND xact_start::text = :since AND wait_event = 'ClientRead'
            """;

    /// Ends those that were there at the last look too: one look can come upon the moment between a
    /// long statement and the next.
    void look(Session session) {
        var before = seen;
        var stuck =
                session.query(FIND)
                        .bind("application", application)
                        .bind("patience", patience.toMillis())
                        .map((row, _) -> new Stuck(row.getInt("pid"), row.getString("since")))
                        .list();
        for (var one : stuck) {
            if (before.contains(one)) {
                end(session, one);
            }
        }
        seen = new HashSet<>(stuck);
    }

    private static void end(Session session, Stuck stuck) {
        boolean ended =
                session.query(END)
                        .bind("process", stuck.process)
                        .bind("since", stuck.since)
                        .mapTo(Boolean.class)
                        .findOne()
                        .orElse(false);
        if (ended) {
            log.log(
                    Level.WARNING,
                    "ended a transaction whose node had left it open since {0}",
                    stuck.since);
        }
    }
}
