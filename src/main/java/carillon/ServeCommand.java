package carillon;

import carillon.config.Configuration;
import carillon.config.ConfigurationException;
import carillon.config.Settings;
import carillon.config.Sources;
import carillon.secret.SecretException;
import carillon.store.StoreException;
import carillon.web.ListenException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `carillon serve`: a server, until it is told to stop. Exits with 2 when the configuration is
/// wrong, and with 1 when it cannot start.
@Command(
        name = "serve",
        description = "Start a server. SIGTERM stops it when the work under way has ended.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    private static final int CANNOT_START = 1;
    private static final int WRONG_CONFIGURATION = 2;

    private final InstantSource time;
    private final Map<String, String> flags = new LinkedHashMap<>();

    @Spec private CommandSpec spec = CommandSpec.create();

    ServeCommand(InstantSource time) {
        this.time = time;
    }

    @Option(names = "--port", paramLabel = "N", description = "Default: 7700; 0 takes any.")
    void port(String port) {
        flags.put("port", port);
    }

    @Option(names = "--bind", paramLabel = "ADDRESS", description = "Default: 127.0.0.1.")
    void bind(String address) {
        flags.put("bind", address);
    }

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The folder for the database and the administrator's key.")
    void data(String folder) {
        flags.put("data", folder);
    }

    @Option(
            names = "--database",
            paramLabel = "URL",
            description = "jdbc:postgresql://host/db; without it, SQLite in the data folder.")
    void database(String url) {
        flags.put("database", url);
    }

    @Option(names = "--config", paramLabel = "FILE", description = "Default: DIR/carillon.yaml.")
    void config(String file) {
        flags.put("config", file);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var err = spec.commandLine().getErr();
        Settings settings;
        try {
            var host = InetAddress.getLocalHost().getHostName();
            settings = Configuration.of(Sources.of(System.getenv(), flags, host));
        } catch (ConfigurationException e) {
            err.println(e.getMessage());
            return WRONG_CONFIGURATION;
        }
        Files.createDirectories(settings.storage().data());
        try {
            return serve(settings);
        } catch (StoreException | ListenException | SecretException e) {
            err.println("Carillon cannot start: " + e.getMessage());
            return CANNOT_START;
        }
    }

    private int serve(Settings settings) throws InterruptedException {
        var stop = new StopSignal();
        try (var server = Server.start(Plans.of(settings), time)) {
            tell(spec.commandLine().getOut(), settings, server);
            stop.await();
        } finally {
            stop.done();
        }
        return 0;
    }

    private static void tell(PrintWriter out, Settings settings, Server server) {
        var keyFile = settings.storage().data().resolve("admin.key");
        server.freshKey()
                .ifPresent(
                        key ->
                                out.printf(
                                        "The administrator's key, shown this once and kept in %s:%n"
                                                + "  %s%n",
                                        keyFile, key));
        out.printf(
                "Carillon %1$s listens on %4$s://%2$s:%3$d"
                        + " (in a browser: %4$s://%2$s:%3$d/console)%n",
                Version.TEXT,
                settings.listening().main().host(),
                server.port(),
                settings.listening().tls().isPresent() ? "https" : "http");
        out.flush();
    }
}
