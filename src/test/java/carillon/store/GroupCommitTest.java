package carillon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/// A commit that fails, as on a full disk, must not be the last. Here it fails for a reference that
/// leads nowhere, which is looked at by the commit itself.
final class GroupCommitTest {
    @TempDir private Path folder;
    private WalCheckpoints checkpoints;
    private GroupCommit writer;

    @BeforeEach
    void open() throws SQLException {
        var config = new SQLiteConfig();
        config.enforceForeignKeys(true);
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + folder.resolve("some.db"));
        try (var connection = source.getConnection()) {
            make(connection);
        }
        checkpoints = WalCheckpoints.start(source.getConnection());
        writer =
                GroupCommit.start(
                        source.getConnection(),
                        new GroupCommit.Means(
                                checkpoints, Reserve.take(folder, 0), InstantSource.system()));
    }

    private static void make(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE node_of (id integer PRIMARY KEY, parent integer"
                            + " REFERENCES node_of (id) DEFERRABLE INITIALLY DEFERRED)");
        }
    }

    @AfterEach
    void close() {
        writer.close();
        checkpoints.close();
    }

    private int insert(long id, long parent) {
        return writer.write(
                "insert",
                transaction ->
                        transaction
                                .update("INSERT INTO node_of VALUES (:id, :parent)")
                                .bind("id", id)
                                .bind("parent", parent)
                                .execute());
    }

    @Test
    void writes_go_on_after_commits_that_failed() {
        assertThat(insert(1, 1)).isEqualTo(1);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> insert(2, 7))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("FOREIGN KEY");
            assertThat(insert(10 + i, 1)).isEqualTo(1);
        }
        long rows =
                writer.write(
                        "count",
                        transaction ->
                                transaction
                                        .query("SELECT count(*) FROM node_of")
                                        .mapTo(Long.class)
                                        .one());
        assertThat(rows).isEqualTo(4);
    }
}
