package carillon.store;

import static carillon.store.Columns.instant;
import static carillon.store.Columns.number;
import static carillon.store.Columns.optionalInt;
import static carillon.store.Columns.text;

import carillon.audit.Change;
import carillon.prompt.Prompt;
import carillon.prompt.PromptDefinition;
import carillon.prompt.PromptId;
import carillon.prompt.PromptQuery;
import carillon.prompt.PromptStore;
import carillon.prompt.PromptVersion;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jdbi.v3.core.statement.Query;

/// Prompts and their versions in SQL.
final class SqlPromptStore implements PromptStore {
    private final Database database;
    private final Ids ids;

    SqlPromptStore(Foundation foundation) {
        this.database = foundation.database();
        this.ids = foundation.ids();
    }

    @Override
    public PromptId newId() {
        return new PromptId(ids.next());
    }

    private static final String INSERT =
            """
            INSERT INTO prompt (id, version, category, tag_text, search_text, created_at,
                                updated_at)
            VALUES (:id, :version, :category, :tagText, :searchText, :createdAt, :createdAt)
            """;

    @Override
    public boolean create(PromptVersion first) {
        return database.write(
                "create prompt " + first.prompt(),
                transaction -> {
                    if (!takeName(transaction, first)) {
                        return false;
                    }
                    transaction
                            .update(INSERT)
                            .bind("id", first.prompt().value())
                            .bind("version", first.version())
                            .bind("category", text(first.definition().category()))
                            .bind("tagText", tagText(first.definition()))
                            .bind("searchText", searchText(first.definition()))
                            .bind("createdAt", first.createdAt().toEpochMilli())
                            .execute();
                    insertVersion(transaction, first);
                    audit(transaction, "create", first);
                    return true;
                });
    }

    private static final String TAKE_NAME =
            """
            INSERT INTO prompt_name (name, prompt_id) VALUES (:name, :id)
            ON CONFLICT DO NOTHING
            """;

    private static boolean takeName(Transaction transaction, PromptVersion version) {
        return transaction
                        .update(TAKE_NAME)
                        .bind("name", version.definition().name())
                        .bind("id", version.prompt().value())
                        .execute()
                == 1;
    }

    private static final String INSERT_VERSION =
            """
            INSERT INTO prompt_version (prompt_id, version, definition, created_at, created_by,
                                        rolled_back_from)
            VALUES (:prompt, :version, :definition, :createdAt, :createdBy, :rolledBackFrom)
            """;

    private static void insertVersion(Transaction transaction, PromptVersion version) {
        transaction
                .update(INSERT_VERSION)
                .bind("prompt", version.prompt().value())
                .bind("version", version.version())
                .bind("definition", PromptText.write(version.definition()))
                .bind("createdAt", version.createdAt().toEpochMilli())
                .bind("createdBy", text(version.createdBy()))
                .bind("rolledBackFrom", number(version.rolledBackFrom()))
                .execute();
    }

    private static String searchText(PromptDefinition definition) {
        var all = String.join("\n", definition.name(), definition.description(), definition.text());
        return text(all.toLowerCase(Locale.ROOT));
    }

    private static String tagText(PromptDefinition definition) {
        return definition.tags().isEmpty()
                ? ""
                : "\n" + String.join("\n", definition.tags()).toLowerCase(Locale.ROOT) + "\n";
    }

    private static final String SELECT =
            """
            SELECT prompt.id, prompt.version, prompt.created_at, prompt.updated_at,
                   prompt_version.definition
              FROM prompt
              JOIN prompt_version ON prompt_version.prompt_id = prompt.id
                                 AND prompt_version.version = prompt.version
            """;

    private static final String FIND = SELECT + " WHERE prompt.id = :id";

    @Override
    public Optional<Prompt> find(PromptId id) {
        return database.read(
                "read prompt " + id,
                session ->
                        session.query(FIND)
                                .bind("id", id.value())
                                .map((row, _) -> prompt(row))
                                .findOne());
    }

    private static final String FIND_BY_NAME =
            SELECT + " WHERE prompt.id = (SELECT prompt_id FROM prompt_name WHERE name = :name)";

    @Override
    public Optional<Prompt> find(String name) {
        return database.read(
                "read a prompt by its name",
                session ->
                        session.query(FIND_BY_NAME)
                                .bind("name", text(name))
                                .map((row, _) -> prompt(row))
                                .findOne());
    }

    private static Prompt prompt(ResultSet row) throws SQLException {
        return new Prompt(
                new PromptId(row.getLong("id")),
                row.getInt("version"),
                PromptText.read(row.getString("definition")),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    @Override
    public List<Prompt> list(PromptQuery query) {
        var statement = SELECT + where(query) + " ORDER BY prompt.id DESC LIMIT :limit";
        return database.read(
                "list prompts",
                session ->
                        bind(session.query(statement), query)
                                .bind("limit", query.limit())
                                .map((row, _) -> prompt(row))
                                .list());
    }

    private static String where(PromptQuery query) {
        var where = new StringBuilder(" WHERE TRUE");
        query.text().ifPresent(_ -> where.append(" AND search_text LIKE :pattern ESCAPE '!'"));
        query.category().ifPresent(_ -> where.append(" AND category = :category"));
        query.tag().ifPresent(_ -> where.append(" AND tag_text LIKE :tag ESCAPE '!'"));
        query.before().ifPresent(_ -> where.append(" AND prompt.id < :before"));
        return where.toString();
    }

    private static Query bind(Query statement, PromptQuery query) {
        query.text().ifPresent(text -> statement.bind("pattern", pattern(text)));
        query.category().ifPresent(category -> statement.bind("category", text(category)));
        query.tag().ifPresent(tag -> statement.bind("tag", pattern("\n" + tag + "\n")));
        query.before().ifPresent(before -> statement.bind("before", before));
        return statement;
    }

    private static String pattern(String text) {
        var literal = text(text).toLowerCase(Locale.ROOT).replaceAll("[!%_]", "!$0");
        return "%" + literal + "%";
    }

    private static final String LOCK = "SELECT version FROM prompt WHERE id = :id /* lock */";

    private static Optional<Integer> lock(Transaction transaction, PromptId id) {
        return transaction.query(LOCK).bind("id", id.value()).mapTo(Integer.class).findOne();
    }

    private static final String NAME = "SELECT name FROM prompt_name WHERE prompt_id = :id";

    private static final String FREE_NAME =
            "DELETE FROM prompt_name WHERE name = :name AND prompt_id = :id";

    private static boolean rename(Transaction transaction, PromptVersion version) {
        long id = version.prompt().value();
        var old = transaction.query(NAME).bind("id", id).mapTo(String.class).one();
        if (old.equals(version.definition().name())) {
            return true;
        }
        if (!takeName(transaction, version)) {
            return false;
        }
        transaction.update(FREE_NAME).bind("name", old).bind("id", id).execute();
        return true;
    }

    private static final String CHANGE =
            """
            UPDATE prompt
               SET version = :version, category = :category, tag_text = :tagText,
                   search_text = :searchText, updated_at = :updatedAt
             WHERE id = :id
            """;

    @Override
    public Addition addVersion(PromptVersion version, int expectedVersion) {
        return database.write(
                "change prompt " + version.prompt(),
                transaction -> {
                    var current = lock(transaction, version.prompt());
                    if (current.isEmpty() || current.get() != expectedVersion) {
                        return Addition.OVERTAKEN;
                    }
                    if (!rename(transaction, version)) {
                        return Addition.NAME_TAKEN;
                    }
                    insertVersion(transaction, version);
                    transaction
                            .update(CHANGE)
                            .bind("id", version.prompt().value())
                            .bind("version", version.version())
                            .bind("category", text(version.definition().category()))
                            .bind("tagText", tagText(version.definition()))
                            .bind("searchText", searchText(version.definition()))
                            .bind("updatedAt", version.createdAt().toEpochMilli())
                            .execute();
                    audit(transaction, "update", version);
                    return Addition.DONE;
                });
    }

    private static final String VERSIONS =
            """
            SELECT * FROM prompt_version
             WHERE prompt_id = :prompt AND version < :before
             ORDER BY version DESC
             LIMIT :limit
            """;

    @Override
    public List<PromptVersion> versions(PromptId id, long before, int limit) {
        return database.read(
                "read the versions of prompt " + id,
                session ->
                        session.query(VERSIONS)
                                .bind("prompt", id.value())
                                .bind("before", before)
                                .bind("limit", limit)
                                .map((row, _) -> version(row))
                                .list());
    }

    private static final String VERSION =
            "SELECT * FROM prompt_version WHERE prompt_id = :prompt AND version = :version";

    @Override
    public Optional<PromptVersion> version(PromptId id, int version) {
        return database.read(
                "read a version of prompt " + id,
                session ->
                        session.query(VERSION)
                                .bind("prompt", id.value())
                                .bind("version", version)
                                .map((row, _) -> version(row))
                                .findOne());
    }

    private static PromptVersion version(ResultSet row) throws SQLException {
        return new PromptVersion(
                new PromptId(row.getLong("prompt_id")),
                row.getInt("version"),
                PromptText.read(row.getString("definition")),
                instant(row, "created_at"),
                row.getString("created_by"),
                optionalInt(row, "rolled_back_from"));
    }

    private static final List<String> DELETE =
            List.of(
                    "DELETE FROM prompt_version WHERE prompt_id = :id",
                    "DELETE FROM prompt_name WHERE prompt_id = :id",
                    "DELETE FROM prompt WHERE id = :id");

    @Override
    public boolean delete(PromptId id, OptionalInt expectedVersion) {
        return database.write(
                "delete prompt " + id,
                transaction -> {
                    var current = lock(transaction, id);
                    if (current.isEmpty()
                            || current.get() != expectedVersion.orElse(current.get())) {
                        return false;
                    }
                    DELETE.forEach(
                            part -> transaction.update(part).bind("id", id.value()).execute());
                    transaction.audit(Change.of("prompt", "delete", id, "", ""));
                    return true;
                });
    }

    private static void audit(Transaction transaction, String verb, PromptVersion version) {
        transaction.audit(
                Change.of(
                        "prompt",
                        verb,
                        version.prompt(),
                        version.definition().name(),
                        "version " + version.version()));
    }
}
