package carillon.api;

import static carillon.api.NativeApiTest.fieldNames;
import static carillon.api.NativeApiTest.texts;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.web.Permission;
import carillon.web.RawClient;
import carillon.web.Route;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the native API does not do, for whom, and how it says so.
@Timeout(60) // A stream that says nothing fails its test and does not hang the build.
final class NativeRefusalsTest {
    @TempDir Path directory;
    private NativeServer server;

    @BeforeEach
    void start() {
        server = new NativeServer(directory);
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.close();
    }

    @Test
    void what_is_wrong_is_told_field_by_field_and_nothing_is_stored() throws Exception {
        var answer =
                server.post(
                        "/api/v1/tasks",
                        """
                        {"name":"","schedule":{"cron":"0 0 30 2 *"},
                         "action":{"http":{"url":"ftp:x"}},
                         "timeout":"-1s","paused":"yes","colour":"blue"}
                        """);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(fieldNames(answer.body()))
                .containsExactly("type", "title", "status", "detail", "errors", "request_id");
        assertThat(answer.body().path("request_id").asText())
                .isEqualTo(answer.header("X-Request-ID"));
        assertThat(texts(answer.body().path("errors"), "field"))
                .contains("name", "action.http.url", "timeout", "paused", "colour")
                .anyMatch(field -> field.startsWith("schedule"));
        var never =
                server.post(
                        "/api/v1/tasks",
                        "{\"name\":\"a\",\"action\":{\"nothing\":{}},"
                                + "\"schedule\":{\"at\":\"2020-01-01T00:00:00Z\"}}");
        assertThat(texts(never.body().path("errors"), "field")).containsExactly("schedule");
        assertThat(server.taskCount()).isZero();
    }

    @Test
    void ids_and_parameters_that_make_no_sense_are_refused_by_name() throws Exception {
        for (var id : List.of("0", "-1", "x", "1.5", "9007199254740993", "99999999999999999999")) {
            for (var of : List.of("tasks", "runs")) {
                assertThat(server.get("/api/v1/" + of + "/" + id).status()).isEqualTo(404);
            }
        }
        var path = server.task("a", "");
        for (var query :
                List.of(
                        "/api/v1/tasks?limit=0",
                        "/api/v1/tasks?limit=101",
                        "/api/v1/tasks?limit=x",
                        "/api/v1/tasks?paused=maybe",
                        "/api/v1/tasks?cursor=@",
                        "/api/v1/runs?state=happy",
                        "/api/v1/runs?task_id=x",
                        path + "/runs?cursor=zzzz")) {
            var answer = server.get(query);
            assertThat(answer.status()).as(query).isEqualTo(400);
            var field = query.replaceAll(".*\\?(.*)=.*", "$1");
            assertThat(texts(answer.body().path("errors"), "field")).containsExactly(field);
        }
        for (var wait : List.of("26s", "x", "-1s", "5")) {
            assertThat(server.post(path + "/execute?wait=" + wait, "").status()).isEqualTo(400);
        }
        assertThat(server.get("/api/v1/tasks?unknown=1").status()).isEqualTo(200);
        assertThat(server.get(path + "/runs").body().path("data").size()).isZero();
    }

    /// What every route that takes a body must refuse.
    private static List<String> badBodies() {
        return List.of(
                "{",
                "nul",
                "[]",
                "\"text\"",
                "17",
                "{} {}",
                "{\"a\":1,\"a\":1}",
                "{\"name\":\"\\ud800\",\"action\":{\"nothing\":{}}}",
                "{\"name\":\"a\",\"action\":{\"nothing\":{}},\"priority\":1e999999999}",
                "{\"name\":\"a\",\"action\":{\"nothing\":{}},\"priority\":"
                        + "9".repeat(5000)
                        + "}",
                "{\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}",
                "{\"name\":\"" + "x".repeat(1024 * 1024) + "\"}",
                manyKeys());
    }

    private static String manyKeys() {
        var keys = new StringBuilder("{\"k\":1");
        for (int i = 0; i < 60_000; i++) {
            keys.append(",\"k").append(i).append("\":1");
        }
        return keys.append('}').toString();
    }

    @Test
    void bad_bodies_are_a_quick_refusal_on_every_route_that_takes_one() throws Exception {
        var task = server.task("a", "");
        var run = server.post(task + "/execute?wait=10s", "").header("Location");
        server.post("/api/v1/prompts", "{\"name\":\"p\",\"text\":\"x\"}");
        var before = server.get(task).body();
        for (var route : server.api.routes()) {
            if (route.method() != Route.Method.POST && route.method() != Route.Method.PUT) {
                continue;
            }
            var path = pathOf(route, task, run);
            for (var body : badBodies()) {
                var answer =
                        route.method() == Route.Method.POST
                                ? server.post(path, body)
                                : server.put(path, body);
                var what = route.path() + " " + body.substring(0, Math.min(60, body.length()));
                assertThat(answer.status()).as(what).isBetween(400, 499);
                assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            }
        }
        assertThat(server.get(task).body()).isEqualTo(before);
        assertThat(server.taskCount()).isOne();
        var prompts = server.get("/api/v1/prompts").body().path("data");
        assertThat(texts(prompts, "version")).containsExactly("1");
        assertThat(server.get("/api/v1/runs").body().path("data").size()).isOne();
    }

    private static String pathOf(Route route, String task, String run) {
        return route.path()
                .replace("/api/v1/runs/{id}", run)
                .replace("/api/v1/tasks/{id}", task)
                .replace("/api/v1/prompts/{id}", "/api/v1/prompts/p")
                .replaceAll("\\{[^}]+\\}", "1");
    }

    @Test
    void every_route_is_closed_to_those_who_may_less_than_it_needs() throws Exception {
        var raw = new RawClient(server.port());
        int checked = 0;
        for (var route : server.api.routes()) {
            if (route.permission() == Permission.NONE) {
                continue;
            }
            var path = pathOf(route, "/api/v1/tasks/1", "/api/v1/runs/1");
            var none = raw.request(route.method().name(), path);
            assertThat(none).as(path).startsWith("HTTP/1.1 401").contains("WWW-Authenticate: ");
            for (var held : Permission.values()) {
                var key = "Authorization: Bearer " + held.name().toLowerCase(Locale.ROOT);
                if (held.compareTo(route.permission()) < 0) {
                    assertThat(raw.request(route.method().name(), path, key))
                            .as(path + " with " + held)
                            .startsWith("HTTP/1.1 403");
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(30);
    }
}
