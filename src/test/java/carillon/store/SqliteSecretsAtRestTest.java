package carillon.store;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;

final class SqliteSecretsAtRestTest extends SecretsAtRestContract {
    @Override
    StoreSettings settings() {
        return new StoreSettings.Sqlite(folder);
    }

    /// The database, its write-ahead log, and whatever else lies in the folder.
    @Override
    byte[] bytes() throws Exception {
        var all = new ByteArrayOutputStream();
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                all.writeBytes(Files.readAllBytes(file));
            }
        }
        return all.toByteArray();
    }
}
