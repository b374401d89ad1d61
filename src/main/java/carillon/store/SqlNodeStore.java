package carillon.store;

import static carillon.store.Columns.instant;

import carillon.cluster.Holder;
import carillon.cluster.Node;
import carillon.cluster.NodeStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// The lives of nodes in SQL.
final class SqlNodeStore implements NodeStore {
    private final Database database;
    private final InstantSource clock;

    SqlNodeStore(Foundation foundation) {
        this.database = foundation.database();
        this.clock = foundation.clock();
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
            INSERT INTO node (epoch, name, started_at, lease_until, ended)
            VALUES (:epoch, :name, :now, :leaseUntil, FALSE)
            """;

    @Override
    public Holder join(String node, Instant now, Instant leaseUntil) {
        return database.write(
                "join the cluster",
                transaction -> {
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
                            .execute();
                    return new Holder(node, epoch);
                });
    }

    private static final String RENEW =
            """
            UPDATE node SET lease_until = :leaseUntil
             WHERE epoch = :epoch AND name = :name AND NOT ended AND lease_until > :now
            """;

    @Override
    public boolean renew(Holder holder, Instant now, Instant leaseUntil) {
        return database.write(
                "renew the lease of " + holder,
                transaction ->
                        transaction
                                        .update(RENEW)
                                        .bind("epoch", holder.epoch())
                                        .bind("name", holder.node())
                                        .bind("now", now.toEpochMilli())
                                        .bind("leaseUntil", leaseUntil.toEpochMilli())
                                        .execute()
                                == 1);
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
                                .bind("now", clock.millis())
                                .execute());
    }

    private static final String IS_HELD = "SELECT count(*) FROM hold WHERE one = 1";

    @Override
    public boolean isHeld() {
        return database.read(
                "look for a hold", session -> session.query(IS_HELD).mapTo(Long.class).one() == 1);
    }

    static final String NODES =
            """
            SELECT epoch, name, started_at, lease_until FROM node
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
                session -> session.query(NODES).map((row, _) -> node(row)).list());
    }

    private static Node node(ResultSet row) throws SQLException {
        return new Node(
                new Holder(row.getString("name"), row.getLong("epoch")),
                instant(row, "started_at"),
                instant(row, "lease_until"));
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
