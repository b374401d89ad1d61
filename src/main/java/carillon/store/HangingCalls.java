package carillon.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/// Ends calls that wait for an answer which cannot come. When a network was cut for some seconds,
/// what was sent meanwhile is sent again ever more rarely, so that a thread can wait a quarter of a
/// minute longer than the cut was. So somebody looks at calls that take long, on a connection of
/// its own: where the database waits for this process, and not the other way round, the connection
/// is broken off and the caller finds another.
final class HangingCalls implements AutoCloseable {
    private static final Logger log = System.getLogger(HangingCalls.class.getName());

    private final DataSource own;
    private final Duration patience;
    private final Duration period;
    private final Set<Call> underWay = ConcurrentHashMap.newKeySet();
    private final Thread thread =
            Thread.ofPlatform().name("carillon-watch").daemon().unstarted(this::watch);
    private Set<Call> seen = Set.of();
    private volatile boolean closed;

    /// Looks every `period`, through `own`, at calls that take longer than `patience`.
    HangingCalls(DataSource own, Duration patience, Duration period) {
        this.own = own;
        this.patience = patience;
        this.period = period;
    }

    void start() {
        thread.start();
    }

    /// The use of a connection, from when it is taken from the pool until it is given back.
    final class Call implements AutoCloseable {
        private final Connection connection;
        private final int process;
        private final long begin = System.nanoTime();

        private Call(Connection connection, int process) {
            this.connection = connection;
            this.process = process;
        }

        private boolean isOld() {
            return System.nanoTime() - begin > patience.toNanos();
        }

        @Override
        public void close() {
            underWay.remove(this);
        }
    }

    Call begin(Connection pooled) {
        try {
            int process = pooled.unwrap(PGConnection.class).getBackendPID();
            var call = new Call(pooled.unwrap(Connection.class), process);
            underWay.add(call);
            return call;
        } catch (SQLException e) {
            throw Database.failure("look at the connection", e);
        }
    }

    private void watch() {
        while (!closed) {
            LockSupport.parkNanos(period.toNanos());
            try {
                look();
            } catch (RuntimeException e) {
                log.log(Level.ERROR, "could not look at calls that take long", e);
            }
        }
    }

    /// Ends those that were found hanging at the last look too: one look can come upon the moment
    /// between two statements.
    private void look() {
        var old = underWay.stream().filter(Call::isOld).toList();
        var hanging = new HashSet<Call>();
        if (!old.isEmpty()) {
            try {
                hanging.addAll(hanging(old));
            } catch (SQLException e) {
                log.log(Level.DEBUG, "nothing is known of calls that take long", e);
            }
        }
        for (var call : hanging) {
            if (seen.contains(call) && underWay.contains(call)) {
                breakOff(call);
            }
        }
        seen = hanging;
    }

    /// Those that work, or have heard of this process lately.
    private static final String WELL =
            """
            SELECT pid FROM pg_stat_activity
             WHERE pid = ANY (?)
               AND (state = 'active' AND wait_event IS DISTINCT FROM 'ClientRead'
                    OR greatest(query_start, state_change)
                       > clock_timestamp() - ? * interval '1 millisecond')
            """;

    private List<Call> hanging(List<Call> old) throws SQLException {
        try (var connection = own.getConnection();
                var statement = connection.prepareStatement(WELL)) {
            var processes = old.stream().map(call -> call.process).toArray(Integer[]::new);
            statement.setArray(1, connection.createArrayOf("integer", processes));
            statement.setLong(2, patience.toMillis());
            var well = processes(statement);
            return old.stream().filter(call -> !well.contains(call.process)).toList();
        }
    }

    private static Set<Integer> processes(PreparedStatement statement) throws SQLException {
        var found = new HashSet<Integer>();
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(rows.getInt(1));
            }
        }
        return found;
    }

    private static void breakOff(Call call) {
        try {
            call.connection.abort(Runnable::run);
            log.log(Level.WARNING, "broke off a connection on which no answer could come");
        } catch (SQLException e) {
            log.log(Level.WARNING, "could not break off a connection", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
