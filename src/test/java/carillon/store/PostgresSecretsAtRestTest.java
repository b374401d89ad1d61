package carillon.store;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;

final class PostgresSecretsAtRestTest extends SecretsAtRestContract {
    private final StoreSettings.Postgres settings = TestPostgres.newDatabase();

    @Override
    StoreSettings settings() {
        return settings;
    }

    /// Every row of every table, as text.
    @Override
    byte[] bytes() throws Exception {
        var all = new ByteArrayOutputStream();
        try (var connection =
                        DriverManager.getConnection(
                                settings.url(), settings.user(), settings.password());
                var tables =
                        connection
                                .getMetaData()
                                .getTables(null, "public", "%", new String[] {"TABLE"})) {
            while (tables.next()) {
                var rows = "SELECT t::text FROM " + tables.getString("TABLE_NAME") + " AS t";
                try (var statement = connection.createStatement();
                        var found = statement.executeQuery(rows)) {
                    while (found.next()) {
                        all.writeBytes(found.getString(1).getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
        }
        return all.toByteArray();
    }
}
