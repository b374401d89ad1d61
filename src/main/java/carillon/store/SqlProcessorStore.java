package carillon.store;

import static carillon.store.Columns.instant;

import carillon.audit.Change;
import carillon.processor.ProcessorStore;
import carillon.processor.ProcessorType;
import carillon.processor.SettingsCodec;
import carillon.processor.StoredSettings;
import java.util.Locale;
import java.util.Optional;

/// Settings of processors in SQL.
final class SqlProcessorStore implements ProcessorStore {
    private final Database database;
    private final SettingsCodec codec;

    SqlProcessorStore(Foundation foundation, SettingsCodec codec) {
        this.database = foundation.database();
        this.codec = codec;
    }

    private static final String FIND = "SELECT * FROM processor_settings WHERE type = :type";

    @Override
    public Optional<StoredSettings> find(ProcessorType type) {
        return database.read(
                "read the settings of " + type,
                session ->
                        session.query(FIND)
                                .bind("type", type.name())
                                .map(
                                        (row, _) ->
                                                new StoredSettings(
                                                        type,
                                                        row.getInt("version"),
                                                        codec.read(type, row.getString("settings")),
                                                        instant(row, "updated_at")))
                                .findOne());
    }

    private static final String INSERT =
            """
            INSERT INTO processor_settings (type, version, settings, updated_at)
            VALUES (:type, :version, :settings, :updatedAt)
            ON CONFLICT (type) DO NOTHING
            """;

    private static final String UPDATE =
            """
            UPDATE processor_settings
               SET version = :version, settings = :settings, updated_at = :updatedAt
             WHERE type = :type AND version = :expected
            """;

    @Override
    public boolean put(StoredSettings settings, int expectedVersion) {
        var text = codec.write(settings.type(), settings.settings());
        return database.write(
                "change the settings of " + settings.type(),
                transaction -> {
                    var statement =
                            expectedVersion == 0
                                    ? transaction.update(INSERT)
                                    : transaction.update(UPDATE).bind("expected", expectedVersion);
                    var type = settings.type().name();
                    return transaction.changed(
                            statement
                                    .bind("type", type)
                                    .bind("version", settings.version())
                                    .bind("settings", text)
                                    .bind("updatedAt", settings.updatedAt().toEpochMilli()),
                            Change.of(
                                    "processor",
                                    "update",
                                    type.toLowerCase(Locale.ROOT),
                                    "",
                                    "version " + settings.version()));
                });
    }
}
