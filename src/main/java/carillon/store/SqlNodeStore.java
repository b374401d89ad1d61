package carillon.store;

import static carillon.store.Columns.instant;

import carillon.cluster.Holder;
import carillon.cluster.Node;
import carillon.cluster.NodeStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The lives of nodes in SQL.
final class SqlNodeStore implements NodeStore {
    private final Database database;
    private final InstantSource clock;
    private final LeaseClock leaseClock;

    SqlNodeStore(Foundation foundation) {
        this.database = foundation.database();
        this.clock = foundation.clock();
        this.leaseClock = foundation.leaseClock();
    }

    @Override
    public Instant now(Instant now) {
        return database.read("read the clock", session -> leaseClock.now(session, now));
    }

    /// Also the lock that makes nodes join one after another.
    private static final String NEXT_EPOCH =
            """
            UPDATE id_block SET next_epoch = next_epoch + 1 WHERE one = 1
            RETURNING next_epoch - 1
            """;

    private static final String END_EARLIER =
            """
            UPDATE node
               SET ended = TRUE,
                   lease_until = CASE WHEN lease_until < :now THEN lease_until ELSE :now END
             WHERE name = :name AND NOT ended
            """;

    private static final String BEGIN =
            """
            INSERT INTO node (epoch, name, started_at, lease_until, ahead, ended)
            VALUES (:epoch, :name, :now, :leaseUntil, :ahead, FALSE)
            """;

    @Override
    public Holder join(String node, Instant callers, Instant callersUntil) {
        return database.write(
                "join the cluster",
                transaction -> {
                    var now = leaseClock.now(transaction, callers);
                    var leaseUntil = now.plus(Duration.between(callers, callersUntil));
                    long epoch = transaction.query(NEXT_EPOCH).mapTo(Long.class).one();
                    transaction
                            .update(END_EARLIER)
                            .bind("name", node)
                            .bind("now", now.toEpochMilli())
                            .execute();
                    transaction
                            .update(BEGIN)
                            .bind("epoch", epoch)
                            .bind("name", node)
                            .bind("now", now.toEpochMilli())
                            .bind("leaseUntil", leaseUntil.toEpochMilli())
                            .bind("ahead", Duration.between(now, callers).toMillis())
                            .execute();
                    return new Holder(node, epoch);
                });
    }

    private static final String RENEW =
            """
            UPDATE node SET lease_until = :leaseUntil, ahead = :ahead
             WHERE epoch = :epoch AND name = :name AND NOT ended AND lease_until > :now
            """;

    @Override
    public boolean renew(Holder holder, Instant callers, Instant callersUntil) {
        return database.write(
                "renew the lease of " + holder,
                transaction -> {
                    var now = leaseClock.now(transaction, callers);
                    var leaseUntil = now.plus(Duration.between(callers, callersUntil));
                    return transaction
                                    .update(RENEW)
                                    .bind("epoch", holder.epoch())
                                    .bind("name", holder.node())
                                    .bind("now", now.toEpochMilli())
                                    .bind("leaseUntil", leaseUntil.toEpochMilli())
                                    .bind("ahead", Duration.between(now, callers).toMillis())
                                    .execute()
                            == 1;
                });
    }

    private static final String LEAVE =
            """
            UPDATE node
               SET ended = TRUE,
                   lease_until = CASE WHEN lease_until < :now THEN lease_until ELSE :now END
             WHERE epoch = :epoch AND name = :name AND NOT ended
            """;

    @Override
    public void leave(Holder holder) {
        database.write(
                "end the lease of " + holder,
                transaction ->
                        transaction
                                .update(LEAVE)
                                .bind("epoch", holder.epoch())
                                .bind("name", holder.node())
                                .bind("now", now(transaction).toEpochMilli())
                                .execute());
    }

    private static final String NEXT_END = "SELECT min(lease_until) FROM node WHERE NOT ended";

    @Override
    public Optional<Duration> untilNextEnd(Instant callers) {
        return database.read(
                "look for the next end of a lease",
                session -> {
                    var now = leaseClock.now(session, callers);
                    return session.query(NEXT_END)
                            .mapTo(Long.class)
                            .findOne()
                            .map(end -> Duration.between(now, Instant.ofEpochMilli(end)));
                });
    }

    private static final String IS_HELD = "SELECT count(*) FROM hold WHERE one = 1";

    @Override
    public boolean isHeld() {
        return database.read(
                "look for a hold", session -> session.query(IS_HELD).mapTo(Long.class).one() == 1);
    }

    static final String NODES =
            """
            SELECT epoch, name, started_at, lease_until, ahead FROM node
             WHERE NOT ended
                OR EXISTS (SELECT 1 FROM run
                            WHERE run.epoch = node.epoch AND run.node IS NOT NULL
                              AND run.state IN ('QUEUED', 'RUNNING'))
             ORDER BY epoch
            """;

    @Override
    public List<Node> nodes() {
        return database.read(
                "list the nodes",
                session -> {
                    var now = now(session);
                    return session.query(NODES).map((row, _) -> node(row, now)).list();
                });
    }

    private Instant now(Session session) {
        return leaseClock.now(session, clock.instant());
    }

    private static Node node(ResultSet row, Instant now) throws SQLException {
        var leaseUntil = instant(row, "lease_until");
        return new Node(
                new Holder(row.getString("name"), row.getLong("epoch")),
                instant(row, "started_at"),
                leaseUntil,
                leaseUntil.isAfter(now),
                Duration.ofMillis(row.getLong("ahead")));
    }

    private static final String IS_ALIVE =
            """
            SELECT count(*) FROM (
                SELECT 1 FROM node WHERE epoch = :epoch AND name = :name AND NOT ended
                /* keep alive */
            ) AS alive
            """;

    /// Whether the holder's life has not been ended; if so, it is not before this transaction is
    /// over. A lease must not be taken without: nobody would look for it after the holder's rescue.
    static boolean keepsAlive(Transaction transaction, Holder holder) {
        return transaction
                        .query(IS_ALIVE)
                        .bind("epoch", holder.epoch())
                        .bind("name", holder.node())
                        .mapTo(Long.class)
                        .one()
                == 1;
    }
}
