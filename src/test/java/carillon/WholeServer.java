package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.agent.ToolServer;
import carillon.ai.AdministratorModels;
import carillon.egress.AllowList;
import carillon.egress.EgressSettings;
import carillon.json.Json;
import carillon.store.StoreSettings;
import carillon.web.WebSettings;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/// A server as it is composed, on a free port of loopback, which may call loopback and has a folder
/// for files.
public final class WholeServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server;
    private final Path folder;

    private WholeServer(Server server, Path folder) {
        this.server = server;
        this.folder = folder;
    }

    /// On SQLite.
    public static WholeServer start(Path folder) throws IOException {
        return start(folder, new StoreSettings.Sqlite(folder));
    }

    public static WholeServer start(Path folder, StoreSettings store) throws IOException {
        return start(folder, store, InstantSource.system(), "one");
    }

    /// As the node of that name, which sees that time.
    public static WholeServer start(
            Path folder, StoreSettings store, InstantSource time, String node) throws IOException {
        Files.createDirectories(folder.resolve("files"));
        return start(folder, store, time, node, Optional.of(folder.resolve("files")));
    }

    public static WholeServer startWithoutFiles(Path folder) throws IOException {
        var store = new StoreSettings.Sqlite(folder);
        return start(folder, store, InstantSource.system(), "one", Optional.empty());
    }

    /// With servers of tools for agents.
    public static WholeServer start(Path folder, List<ToolServer> toolServers) {
        var store = new StoreSettings.Sqlite(folder);
        var time = InstantSource.system();
        return start(folder, store, time, "one", Optional.empty(), toolServers);
    }

    private static WholeServer start(
            Path folder,
            StoreSettings store,
            InstantSource time,
            String node,
            Optional<Path> files) {
        return start(folder, store, time, node, files, List.of());
    }

    private static WholeServer start(
            Path folder,
            StoreSettings store,
            InstantSource time,
            String node,
            Optional<Path> files,
            List<ToolServer> toolServers) {
        var allow = AllowList.of(List.of("127.0.0.1"));
        var plan =
                new Server.Plan(
                        folder,
                        store,
                        WebSettings.loopback(),
                        new Server.Reach(
                                new EgressSettings(allow, Set.of(), 500, "Carillon test"),
                                AdministratorModels.NONE,
                                files,
                                toolServers),
                        Map.of(),
                        node,
                        ZoneOffset.UTC,
                        Server.Work.DEFAULT);
        return new WholeServer(Server.start(plan, time), folder);
    }

    public record Said(int status, JsonNode body, HttpResponse<String> whole) {}

    /// Asks with the administrator's key.
    public Said ask(String method, String path, String body)
            throws IOException, InterruptedException {
        return ask(method, path, body, Map.of());
    }

    public Said ask(String method, String path, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(uri(path))
                        .timeout(PATIENCE)
                        .header("Authorization", "Bearer " + key())
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::setHeader);
        var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        var text = answer.body();
        var json = text.startsWith("{") || text.startsWith("[") ? Json.read(text) : noJson();
        return new Said(answer.statusCode(), json, answer);
    }

    private static JsonNode noJson() {
        return NullNode.instance;
    }

    public JsonNode get(String path) throws IOException, InterruptedException {
        return good(ask("GET", path, ""));
    }

    public JsonNode post(String path, String body) throws IOException, InterruptedException {
        return good(ask("POST", path, body));
    }

    private static JsonNode good(Said said) {
        assertThat(said.status).as(said.whole.body()).isBetween(200, 299);
        return said.body;
    }

    /// What is at the path as soon as it is as wanted.
    public JsonNode await(String path, Predicate<JsonNode> wanted) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> get(path), wanted);
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    public String key() throws IOException {
        return Files.readString(folder.resolve("admin.key")).strip();
    }

    public Path file(String path) {
        return folder.resolve("files").resolve(path);
    }

    /// As a time for [#start] that is so much ahead.
    public static InstantSource ahead(Duration by) {
        return () -> Instant.now().plus(by);
    }

    @Override
    public void close() {
        server.close();
    }
}
