package carillon.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.agent.ToolServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The reference server of the Model Context Protocol, from npm, installed below `target` when it
/// is not there.
public final class NpmServer {
    private static final String VERSION = "2026.8.31";
    private static final String PACKAGE = "@modelcontextprotocol/server-everything";

    private NpmServer() {}

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
