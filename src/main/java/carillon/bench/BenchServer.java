package carillon.bench;

import carillon.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// A whole server in a process of its own, without limits of rate.
final class BenchServer implements AutoCloseable {
    private static final String READY = " listens on http://";
    private static final Pattern PORT = Pattern.compile(".* listens on http://[^:]+:(\\d+).*");

    private final Child process;
    private final int port;
    private final String key;

    private BenchServer(Child process, int port, String key) {
        this.process = process;
        this.port = port;
        this.key = key;
    }

    /// With its data in `folder`. Returns when it listens.
    static BenchServer start(StoreSettings settings, Path folder) throws IOException {
        Files.writeString(folder.resolve("carillon.yaml"), configuration(settings));
        var process = Child.start("serve", "--port", "0", "--data", folder.toString());
        try {
            int port = port(process);
            var key = Files.readString(folder.resolve("admin.key")).strip();
            return new BenchServer(process, port, key);
        } catch (IOException e) {
            process.close();
            throw e;
        }
    }

    Child process() {
        return process;
    }

    int port() {
        return port;
    }

    /// The administrator's.
    String key() {
        return key;
    }

    private static String configuration(StoreSettings settings) {
        var limit = "rate-limit.enabled: false\n";
        return switch (settings) {
            case StoreSettings.Sqlite _ -> limit;
            case StoreSettings.Postgres postgres ->
                    limit
                            + "database: \"%s\"\ndatabase-user: \"%s\"\ndatabase-password: \"%s\"\n"
                                    .formatted(
                                            postgres.url(), postgres.user(), postgres.password());
        };
    }

    private static int port(Child server) throws IOException {
        var line = server.readLine();
        while (!line.contains(READY)) {
            line = server.readLine();
        }
        var matcher = PORT.matcher(line);
        if (!matcher.matches()) {
            throw new IOException("the server does not tell its port: " + line);
        }
        return Integer.parseInt(matcher.group(1), 10);
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
