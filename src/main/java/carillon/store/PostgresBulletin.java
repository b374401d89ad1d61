package carillon.store;

import carillon.cluster.Bulletin;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/// Notices by LISTEN and NOTIFY. They are sent by a thread of its own, many at once and apart from
/// the transactions that they tell of: a transaction that notifies makes all others that do wait
/// for its commit.
final class PostgresBulletin implements Bulletin {
    private static final Logger log = System.getLogger(PostgresBulletin.class.getName());
    private static final String CHANNEL = "carillon";
    private static final Duration GATHER = Duration.ofMillis(5);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /// How often the connection that listens is looked at when nobody says anything.
    private static final Duration QUIET = Duration.ofSeconds(5);

    /// So that a text stays below the 8,000 bytes that are allowed.
    private static final int MOST_TOGETHER = 150;

    private static final int MOST_WAITING = 10_000;

    private final String me = UUID.randomUUID().toString();
    private final DataSource senders;
    private final DataSource direct;
    private final BlockingQueue<Notice> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread teller =
            Thread.ofPlatform().name("carillon-teller").daemon().unstarted(this::tellAll);
    private final Thread listener =
            Thread.ofPlatform().name("carillon-listener").daemon().unstarted(this::listen);
    private volatile Consumer<Notice> reader = _ -> {};
    private volatile boolean closed;

    /// `senders` are any connections; those of `direct` have a session of their own.
    PostgresBulletin(DataSource senders, DataSource direct) {
        this.senders = senders;
        this.direct = direct;
        teller.start();
        listener.start();
    }

    @Override
    public void tell(Notice notice) {
        boolean taken = waiting.offer(notice);
        if (!taken) {
            log.log(Level.DEBUG, "{0} is not told: too many wait", notice);
        }
    }

    @Override
    public void follow(Consumer<Notice> newReader) {
        reader = newReader;
    }

    private void tellAll() {
        while (!closed) {
            try {
                var together = new LinkedHashSet<Notice>();
                together.add(waiting.take());
                LockSupport.parkNanos(GATHER.toNanos());
                var more = new ArrayList<Notice>();
                waiting.drainTo(more, MOST_TOGETHER - 1);
                together.addAll(more);
                send(together);
            } catch (InterruptedException _) {
                return; // Only by close.
            } catch (SQLException e) {
                log.log(Level.DEBUG, "could not tell the other nodes", e);
            }
        }
    }

    private void send(Iterable<Notice> together) throws SQLException {
        var text = new StringBuilder(me);
        together.forEach(notice -> text.append(' ').append(write(notice)));
        try (var connection = senders.getConnection();
                var statement = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
            statement.setString(1, CHANNEL);
            statement.setString(2, text.toString());
            statement.execute();
        }
    }

    private static String write(Notice notice) {
        return notice.kind() + ":" + notice.run() + ":" + notice.parent();
    }

    /// Empty for what a node of another version says.
    private static Optional<Notice> read(String text) {
        var parts = text.split(":", -1);
        var kind =
                Arrays.stream(Kind.values()).filter(one -> one.name().equals(parts[0])).findFirst();
        return parts.length == 3 && parts[1].matches("\\d{1,18}") && parts[2].matches("\\d{1,18}")
                ? kind.map(
                        one -> new Notice(one, Long.parseLong(parts[1]), Long.parseLong(parts[2])))
                : Optional.empty();
    }

    private void listen() {
        while (!closed) {
            try (var connection = direct.getConnection()) {
                try (var statement = connection.createStatement()) {
                    statement.execute("LISTEN " + CHANNEL);
                }
                reader.accept(Notice.DUE); // Something may have been told while nobody listened.
                hear(connection);
            } catch (SQLException e) {
                if (!closed) {
                    log.log(Level.DEBUG, "nothing is heard of the other nodes", e);
                    LockSupport.parkNanos(AGAIN.toNanos());
                }
            }
        }
    }

    private void hear(Connection connection) throws SQLException {
        var postgres = connection.unwrap(PGConnection.class);
        while (!closed) {
            var heard = postgres.getNotifications((int) QUIET.toMillis());
            if (heard == null || heard.length == 0) {
                if (!connection.isValid((int) QUIET.toSeconds())) {
                    throw new SQLException("the connection that listens is dead");
                }
                continue;
            }
            for (var notification : heard) {
                deliver(notification.getParameter().split(" ", -1));
            }
        }
    }

    private void deliver(String[] words) {
        if (words[0].equals(me)) {
            return;
        }
        for (int i = 1; i < words.length; i++) {
            try {
                read(words[i]).ifPresent(reader);
            } catch (RuntimeException e) {
                log.log(Level.WARNING, "a notice was not heeded: " + words[i], e);
            }
        }
    }

    /// The one that listens may take some seconds more to notice.
    @Override
    public void close() {
        closed = true;
        teller.interrupt();
        LockSupport.unpark(listener);
    }
}
