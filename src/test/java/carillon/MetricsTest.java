package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.egress.AllowList;
import carillon.egress.EgressSettings;
import carillon.store.StoreSettings;
import carillon.store.TestPostgres;
import carillon.web.WebSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Prometheus sees of a server that works.
final class MetricsTest {
    private static final String TASK =
            """
            {"name":"tick","schedule":{"every":"1s"},"action":{"nothing":{}}}
            """;

    private static final List<String> LINES =
            List.of(
                    "carillon_runs_ended_total\\{state=\"succeeded\"\\} [1-9].*",
                    "carillon_lateness_seconds_bucket\\{le=\"60.0\"\\} [1-9].*",
                    "carillon_attempts_seconds_count\\{action=\"nothing\",outcome=\"succeeded.*",
                    "carillon_attempts_in_flight \\d.*",
                    "carillon_runs_waiting \\d.*",
                    "carillon_store_commits_total [1-9].*",
                    "carillon_store_writes_total [1-9].*",
                    "carillon_store_commit_seconds_count [1-9].*",
                    ".*requests_seconds_count.*POST /api/v1/tasks\",status=\"201\"\\} 1",
                    ".*requests_seconds_count.*route=\"none\",status=\"404\"\\} 1",
                    "jvm_memory_used_bytes\\{area=\"heap\".*");

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void prometheus_sees_what_the_server_does_on_sqlite(@TempDir Path folder) throws Exception {
        look(new StoreSettings.Sqlite(folder), folder);
    }

    @Test
    void prometheus_sees_what_the_server_does_on_postgresql(@TempDir Path folder) throws Exception {
        look(TestPostgres.newDatabase(), folder);
    }

    private void look(StoreSettings store, Path folder) throws Exception {
        var plan =
                new Server.Plan(
                        folder,
                        store,
                        WebSettings.loopback(),
                        Server.Reach.of(
                                new EgressSettings(
                                        AllowList.of(List.of()), Set.of(), 10, "Carillon test")),
                        Map.of(),
                        "node-1",
                        ZoneOffset.UTC,
                        Server.Work.DEFAULT);
        try (var server = Server.start(plan, InstantSource.system())) {
            assertThat(ask(server, "/metrics", "none", "").statusCode()).isEqualTo(401);
            var key = server.freshKey().orElseThrow();
            ask(server, "/api/v1/tasks", key, TASK);
            ask(server, "/api/v1/nowhere", key, "");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> isWhole(ask(server, "/metrics", key, "").body()));
            assertThat(ask(server, "/metrics", key, "").headers().firstValue("Content-Type"))
                    .hasValue("text/plain; version=0.0.4; charset=utf-8");
        }
    }

    private static boolean isWhole(String text) {
        return LINES.stream().allMatch(line -> text.lines().anyMatch(each -> each.matches(line)));
    }

    private HttpResponse<String> ask(Server server, String path, String key, String body)
            throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + server.port() + path);
        var request = HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + key);
        if (!body.isEmpty()) {
            request.POST(HttpRequest.BodyPublishers.ofString(body));
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
