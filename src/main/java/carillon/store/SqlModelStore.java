package carillon.store;

import static carillon.store.Columns.instant;

import carillon.ai.ModelCodec;
import carillon.ai.ModelStore;
import carillon.ai.StoredModel;
import carillon.audit.Change;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Models in SQL.
final class SqlModelStore implements ModelStore {
    private final Database database;
    private final Ids ids;
    private final ModelCodec codec;

    SqlModelStore(Foundation foundation, ModelCodec codec) {
        this.database = foundation.database();
        this.ids = foundation.ids();
        this.codec = codec;
    }

    @Override
    public long newId() {
        return ids.next();
    }

    private static final String FIND = "SELECT * FROM model WHERE id = :id";

    @Override
    public Optional<StoredModel> find(long id) {
        return database.read(
                "read model " + id,
                session -> session.query(FIND).bind("id", id).map((row, _) -> map(row)).findOne());
    }

    private static final String FIND_BY_NAME = "SELECT * FROM model WHERE name = :name";

    @Override
    public Optional<StoredModel> find(String name) {
        return database.read(
                "read a model by its name",
                session ->
                        session.query(FIND_BY_NAME)
                                .bind("name", Columns.text(name))
                                .map((row, _) -> map(row))
                                .findOne());
    }

    private static final String LIST =
            "SELECT * FROM model WHERE id < :before ORDER BY id DESC LIMIT :limit";

    @Override
    public List<StoredModel> list(long before, int limit) {
        return database.read(
                "list models",
                session ->
                        session.query(LIST)
                                .bind("before", before)
                                .bind("limit", limit)
                                .map((row, _) -> map(row))
                                .list());
    }

    private StoredModel map(ResultSet row) throws SQLException {
        return new StoredModel(
                row.getLong("id"),
                row.getInt("version"),
                codec.read(row.getString("name"), row.getString("definition")),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static final String INSERT =
            """
            INSERT INTO model (id, name, version, definition, created_at, updated_at)
            VALUES (:id, :name, :version, :definition, :createdAt, :updatedAt)
            ON CONFLICT (name) DO NOTHING
            """;

    @Override
    public boolean create(StoredModel model) {
        var definition = codec.write(model.model());
        return database.write(
                "create model " + model.id(),
                transaction ->
                        transaction.changed(
                                transaction
                                        .update(INSERT)
                                        .bind("id", model.id())
                                        .bind("name", model.model().name())
                                        .bind("version", model.version())
                                        .bind("definition", definition)
                                        .bind("createdAt", model.createdAt().toEpochMilli())
                                        .bind("updatedAt", model.updatedAt().toEpochMilli()),
                                change("create", model)));
    }

    private static final String UPDATE =
            """
            UPDATE model SET version = :version, definition = :definition, updated_at = :updatedAt
             WHERE id = :id AND version = :expected
            """;

    @Override
    public boolean update(StoredModel model, int expectedVersion) {
        var definition = codec.write(model.model());
        return database.write(
                "change model " + model.id(),
                transaction ->
                        transaction.changed(
                                transaction
                                        .update(UPDATE)
                                        .bind("id", model.id())
                                        .bind("version", model.version())
                                        .bind("definition", definition)
                                        .bind("updatedAt", model.updatedAt().toEpochMilli())
                                        .bind("expected", expectedVersion),
                                change("update", model)));
    }

    private static Change change(String verb, StoredModel model) {
        return Change.of(
                "model", verb, model.id(), model.model().name(), "version " + model.version());
    }

    private static final String DELETE = "DELETE FROM model WHERE id = :id";

    @Override
    public boolean delete(long id) {
        return database.write(
                "delete model " + id,
                transaction ->
                        transaction.changed(
                                transaction.update(DELETE).bind("id", id),
                                Change.of("model", "delete", id, "", "")));
    }
}
