package carillon;

import carillon.config.Configuration;
import carillon.config.Sources;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Which server's database a command is about, said as for `serve`.
final class Kept {
    private static final String POSTGRESQL =
            "the database is PostgreSQL: use pg_dump and pg_restore, as docs/operations.md says";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The folder of the database, as for serve.")
    private Optional<String> data = Optional.empty();

    @Option(names = "--config", paramLabel = "FILE", description = "As for serve.")
    private Optional<String> config = Optional.empty();

    @Option(names = "--replace", description = "Replace what is there already.")
    private boolean replace;

    /// The folder with the SQLite database. Throws [ConfigurationException] when the configuration
    /// is wrong, and [NotSqliteException] when the database is another.
    Path folder() throws IOException {
        Map<String, String> flags = new HashMap<>();
        data.ifPresent(folder -> flags.put("data", folder));
        config.ifPresent(file -> flags.put("config", file));
        var host = InetAddress.getLocalHost().getHostName();
        var storage = Configuration.of(Sources.of(System.getenv(), flags, host)).storage();
        if (storage.database().isPresent()) {
            throw new NotSqliteException(POSTGRESQL);
        }
        return storage.data();
    }

    boolean replace() {
        return replace;
    }

    /// The database is not one that the command can work on.
    static final class NotSqliteException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotSqliteException(String message) {
            super(message);
        }
    }
}
