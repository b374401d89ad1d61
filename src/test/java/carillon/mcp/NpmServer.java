package carillon.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import carillon.agent.ToolServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The reference server of the Model Context Protocol, from npm, installed below `target` when it
/// is not there.
public final class NpmServer implements AutoCloseable {
    private static final String VERSION = "2026.8.31";
    private static final String PACKAGE = "@modelcontextprotocol/server-everything";

    /// Made to listen on loopback alone, on the port that the test wants, where 0 is any; it would
    /// listen to the whole world.
    private static final String NEARBY =
            """
            const { Server } = require('net');
            const listen = Server.prototype.listen;
            Server.prototype.listen = function (_, ...rest) {
              return listen.call(this, Number(process.env.PORT), '127.0.0.1', ...rest)
                .once('listening', () => console.log('PORT=' + this.address().port));
            };
            """;

    private static final Pattern PORT = Pattern.compile("PORT=(\\d+)");

    private final Process process;
    private final Path log;
    private final int port;

    private NpmServer(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.port = awaitPort();
    }

    /// A busy machine is slow to start it.
    private int awaitPort() {
        try {
            var found =
                    await().atMost(Duration.ofMinutes(2))
                            .until(() -> PORT.matcher(said()), Matcher::find);
            return Integer.parseInt(found.group(1));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Starts it as a server over HTTP, whose log is in the folder.
    static NpmServer overHttp(Path folder, int port) throws IOException, InterruptedException {
        var nearby = Files.writeString(folder.resolve("nearby.js"), NEARBY);
        var log = Files.createTempFile(folder, "npm", ".log");
        var builder =
                new ProcessBuilder(
                        "node", "-r", nearby.toString(), script().toString(), "streamableHttp");
        builder.environment().put("PORT", Integer.toString(port));
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        return new NpmServer(builder.start(), log);
    }

    int port() {
        return port;
    }

    /// As a server of tools of that name.
    ToolServer as(String name) {
        return new ToolServer(
                name, new ToolServer.Way.Remote(URI.create("http://127.0.0.1:" + port + "/mcp")));
    }

    /// Its whole log.
    String said() throws IOException {
        return Files.readString(log);
    }

    /// Kills it.
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    /// As a server of tools of that name, started over its input and output.
    public static ToolServer everything(String name) throws IOException, InterruptedException {
        return new ToolServer(
                name,
                new ToolServer.Way.Command(
                        "node", List.of(script().toString(), "stdio"), Map.of()));
    }

    /// The script that node runs.
    static synchronized Path script() throws IOException, InterruptedException {
        var home = Path.of("target", "npm").toAbsolutePath();
        var script = home.resolve("node_modules/" + PACKAGE + "/dist/index.js");
        if (!Files.exists(script)) {
            Files.createDirectories(home);
            var log = home.resolve("install.log");
            var install =
                    new ProcessBuilder(
                                    "npm",
                                    "install",
                                    "--no-audit",
                                    "--no-fund",
                                    "--prefix",
                                    home.toString(),
                                    PACKAGE + "@" + VERSION)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            boolean ended = install.waitFor(3, TimeUnit.MINUTES);
            install.destroyForcibly();
            assertThat(ended).as(Files.readString(log)).isTrue();
        }
        assertThat(script).exists();
        return script;
    }
}
