package carillon.store;

import static carillon.store.Columns.instant;

import carillon.agent.AgentCodec;
import carillon.agent.AgentQuery;
import carillon.agent.AgentStore;
import carillon.agent.StoredAgent;
import carillon.audit.Change;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Agents in SQL.
final class SqlAgentStore implements AgentStore {
    private final Database database;
    private final Ids ids;
    private final AgentCodec codec;

    SqlAgentStore(Foundation foundation, AgentCodec codec) {
        this.database = foundation.database();
        this.ids = foundation.ids();
        this.codec = codec;
    }

    @Override
    public long newId() {
        return ids.next();
    }

    private static final String FIND = "SELECT * FROM agent WHERE id = :id";

    @Override
    public Optional<StoredAgent> find(long id) {
        return database.read(
                "read agent " + id,
                session -> session.query(FIND).bind("id", id).map((row, _) -> map(row)).findOne());
    }

    private static final String FIND_BY_NAME = "SELECT * FROM agent WHERE name = :name";

    @Override
    public Optional<StoredAgent> find(String name) {
        return database.read(
                "read an agent by its name",
                session ->
                        session.query(FIND_BY_NAME)
                                .bind("name", Columns.text(name))
                                .map((row, _) -> map(row))
                                .findOne());
    }

    private static final String LIST =
            """
            SELECT * FROM agent WHERE id < :before AND active >= :active
             ORDER BY id DESC LIMIT :limit OFFSET :offset
            """;

    @Override
    public List<StoredAgent> list(AgentQuery query) {
        return database.read(
                "list agents",
                session ->
                        session.query(LIST)
                                .bind("before", query.before())
                                .bind("active", query.activeOnly() ? 1 : 0)
                                .bind("limit", query.limit())
                                .bind("offset", query.offset())
                                .map((row, _) -> map(row))
                                .list());
    }

    private StoredAgent map(ResultSet row) throws SQLException {
        return new StoredAgent(
                row.getLong("id"),
                row.getInt("version"),
                codec.read(row.getString("definition")),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static final String INSERT =
            """
            INSERT INTO agent (id, name, version, active, definition, created_at, updated_at)
            VALUES (:id, :name, :version, :active, :definition, :createdAt, :updatedAt)
            ON CONFLICT (name) DO NOTHING
            """;

    @Override
    public boolean create(StoredAgent agent) {
        var definition = codec.write(agent.agent());
        return database.write(
                "create agent " + agent.id(),
                transaction ->
                        transaction.changed(
                                transaction
                                        .update(INSERT)
                                        .bind("id", agent.id())
                                        .bind("name", agent.agent().name())
                                        .bind("version", agent.version())
                                        .bind("active", agent.agent().active() ? 1 : 0)
                                        .bind("definition", definition)
                                        .bind("createdAt", agent.createdAt().toEpochMilli())
                                        .bind("updatedAt", agent.updatedAt().toEpochMilli()),
                                change("create", agent)));
    }

    private static final String NAMESAKE = "SELECT id FROM agent WHERE name = :name AND id <> :id";

    private static final String UPDATE =
            """
            UPDATE agent
               SET name = :name, version = :version, active = :active, definition = :definition,
                   updated_at = :updatedAt
             WHERE id = :id AND version = :expected
            """;

    /// Of two that take a name at the same moment on PostgreSQL, one is told to try again by the
    /// index that keeps names apart.
    @Override
    public Update update(StoredAgent agent, int expectedVersion) {
        var definition = codec.write(agent.agent());
        return database.write(
                "change agent " + agent.id(),
                transaction -> {
                    boolean taken =
                            transaction
                                    .query(NAMESAKE)
                                    .bind("name", agent.agent().name())
                                    .bind("id", agent.id())
                                    .mapTo(Long.class)
                                    .findOne()
                                    .isPresent();
                    if (taken) {
                        return Update.TAKEN;
                    }
                    boolean done =
                            transaction.changed(
                                    transaction
                                            .update(UPDATE)
                                            .bind("id", agent.id())
                                            .bind("name", agent.agent().name())
                                            .bind("version", agent.version())
                                            .bind("active", agent.agent().active() ? 1 : 0)
                                            .bind("definition", definition)
                                            .bind("updatedAt", agent.updatedAt().toEpochMilli())
                                            .bind("expected", expectedVersion),
                                    change("update", agent));
                    return done ? Update.DONE : Update.LOST;
                });
    }

    private static Change change(String verb, StoredAgent agent) {
        return Change.of(
                "agent", verb, agent.id(), agent.agent().name(), "version " + agent.version());
    }

    private static final String DELETE = "DELETE FROM agent WHERE id = :id";

    @Override
    public boolean delete(long id) {
        return database.write(
                "delete agent " + id,
                transaction ->
                        transaction.changed(
                                transaction.update(DELETE).bind("id", id),
                                Change.of("agent", "delete", id, "", "")));
    }
}
