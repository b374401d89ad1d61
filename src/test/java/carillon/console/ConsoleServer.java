package carillon.console;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.Server;
import carillon.ai.AdministratorModels;
import carillon.egress.AllowList;
import carillon.egress.EgressSettings;
import carillon.json.Json;
import carillon.store.StoreSettings;
import carillon.web.WebSettings;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A whole server, spoken to as the native API's clients do and as browsers do.
final class ConsoleServer implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server;
    private final String admin;
    private final Path files;

    /// With a folder for files, and no models of the configuration.
    ConsoleServer(Path folder) {
        this(folder, AdministratorModels.NONE);
    }

    ConsoleServer(Path folder, AdministratorModels models) {
        files = made(folder.resolve("files"));
        var egress =
                new EgressSettings(
                        AllowList.of(List.of("127.0.0.1/32")), Set.of(), 10, "Carillon test");
        server =
                Server.start(
                        new Server.Plan(
                                folder,
                                new StoreSettings.Sqlite(folder),
                                WebSettings.loopback(),
                                new Server.Reach(egress, models, Optional.of(files)),
                                Map.of(),
                                "node-1",
                                ZoneOffset.UTC,
                                Server.Work.DEFAULT),
                        InstantSource.system());
        admin = server.freshKey().orElseThrow();
    }

    private static Path made(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The administrator's key.
    String admin() {
        return admin;
    }

    /// A file in the folder that tasks may read and write in.
    Path file(String name) {
        return files.resolve(name);
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url(path)));
    }

    HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /// Posts to the native API; the answer must be 200 or 201.
    JsonNode post(String path, String body) throws IOException, InterruptedException {
        var request =
                request("/api/v1" + path)
                        .header("Authorization", "Bearer " + admin)
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        var answer = send(request);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        return Json.read(answer.body());
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return Json.read(
                send(request("/api/v1" + path).header("Authorization", "Bearer " + admin)).body());
    }

    /// Makes a key with this role; returns the answer, with the key.
    JsonNode key(String name, String role) throws IOException, InterruptedException {
        return post("/keys", "{\"name\":\"%s\",\"role\":\"%s\"}".formatted(name, role));
    }

    /// Sends the form as a browser does from a page of the server.
    HttpResponse<String> signIn(String key) throws IOException, InterruptedException {
        return send(
                request("/console/sign-in")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Origin", url(""))
                        .header("Sec-Fetch-Site", "same-origin")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "key=" + URLEncoder.encode(key, StandardCharsets.UTF_8))));
    }

    /// Signs in; returns the cookie as it is sent from then on.
    String cookie(String key) throws IOException, InterruptedException {
        var answer = signIn(key);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    }

    @Override
    public void close() {
        server.close();
    }
}
