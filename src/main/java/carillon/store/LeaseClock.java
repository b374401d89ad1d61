package carillon.store;

import java.time.Instant;

/// Whose clock says whether a lease is over.
enum LeaseClock {
    /// The caller's: the only one that there is on an embedded database, and the one of tests that
    /// make the time up.
    CALLERS {
        @Override
        Instant now(Session session, Instant callers) {
            return callers;
        }
    },
    /// That of PostgreSQL, which all nodes share, however wrong their own are.
    DATABASES {
        @Override
        Instant now(Session session, Instant callers) {
            return switch (session.dialect()) {
                case SQLITE -> callers;
                case POSTGRESQL ->
                        session.query(MILLIS).mapTo(Long.class).map(Instant::ofEpochMilli).one();
            };
        }
    };

    private static final String MILLIS =
            "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

    /// What time it is by that clock, in whole milliseconds, when it is `callers` for the caller.
    abstract Instant now(Session session, Instant callers);
}
