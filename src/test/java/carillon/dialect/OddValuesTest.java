package carillon.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Whatever stands in a field, the answer is the job or a refusal that the client can act on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OddValuesTest {
    private static final String CHRONOS_JOB =
            """
            {"name": "n", "description": "d", "schedule": "0 9 * * *", "timezone": "UTC",
             "webhook": {"url": "https://a.example/x", "method": "POST", "headers": {"A": "b"},
                "body": "b", "auth": {"type": "basic", "username": "u", "password": "p"},
                "success_codes": [200]},
             "retry_policy": {"max_attempts": 3, "initial_interval": "1s", "max_interval": "1m",
                "multiplier": 2.0},
             "timeout": "5m", "concurrency": "forbid", "tags": {"a": "b"}, "enabled": false}
            """;
    private static final String A1BASE_JOB =
            """
            {"endpoint_url": "https://a.example/x", "frequency": "daily", "time": "09:00",
             "timezone": "UTC", "method": "POST", "headers": {"A": "b"}, "body": {"c": "d"},
             "day_of_week": null, "day_of_month": null, "custom_schedule": null}
            """;
    private static final List<String> ODD =
            List.of(
                    "null",
                    "true",
                    "0",
                    "-1",
                    "1.5",
                    "1e400",
                    "123456789012345678901234567890",
                    "\"\"",
                    "\" \"",
                    "\"***\"",
                    "\"\\n\"",
                    "\"é😀\"",
                    "\"9223372036854775807h\"",
                    "\"@every 1ns\"",
                    "\"0 0 31 2 *\"",
                    "\"* * * * * * 2020\"",
                    "\"http://\"",
                    "\"http://[::1\"",
                    "\"http://a.example:99999/\"",
                    "\"" + "x".repeat(10_000) + "\"",
                    "[]",
                    "[null]",
                    "[[]]",
                    "{}",
                    "{\"\": \"\"}",
                    "{\"a\": null}",
                    "{\"a\": {\"a\": []}}");

    private World world;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        world = new World(folder);
    }

    @AfterAll
    void stop() {
        world.close();
    }

    /// The body with each value in it, one at a time, replaced by each odd one, or left out.
    private static List<String> spoilt(String body) {
        var pointers = new ArrayList<String>();
        collect(Json.readObject(body), "", pointers);
        var bodies = new ArrayList<String>();
        for (var pointer : pointers) {
            int cut = pointer.lastIndexOf('/');
            var name = pointer.substring(cut + 1);
            for (var odd : Stream.concat(ODD.stream(), Stream.of("")).toList()) {
                var whole = Json.readObject(body);
                var parent = whole.at(pointer.substring(0, cut));
                if (parent instanceof ArrayNode array) {
                    array.set(0, Json.read(odd.isEmpty() ? "false" : odd));
                } else if (odd.isEmpty()) {
                    ((ObjectNode) parent).remove(name);
                } else {
                    ((ObjectNode) parent).set(name, Json.read(odd));
                }
                bodies.add(Json.write(whole));
            }
        }
        return bodies;
    }

    private static void collect(JsonNode node, String at, List<String> pointers) {
        node.properties()
                .forEach(
                        field -> {
                            pointers.add(at + "/" + field.getKey());
                            collect(field.getValue(), at + "/" + field.getKey(), pointers);
                        });
        if (node.isArray() && !node.isEmpty()) {
            pointers.add(at + "/0");
        }
    }

    @Test
    void no_odd_value_breaks_chronos() {
        var client = world.chronos();
        var job = client.post("/api/v1/jobs", CHRONOS_JOB).at("/data/id").asText();
        var bodies = spoilt(CHRONOS_JOB);
        assertThat(bodies).hasSizeGreaterThan(500);
        for (var body : bodies) {
            for (var reply :
                    List.of(
                            client.post("/api/v1/jobs", body),
                            client.put("/api/v1/jobs/" + job, body))) {
                assertThat(reply.status()).as(body + reply.text()).isIn(200, 201, 400);
                boolean isGranted = reply.status() < 300;
                assertThat(reply.at("/success").booleanValue()).isEqualTo(isGranted);
                assertThat(reply.at("/error/message").asText().isEmpty()).isEqualTo(isGranted);
            }
        }
    }

    @Test
    void no_odd_value_breaks_a1base() {
        var client = world.a1base();
        var job = client.post("/v1/cron-jobs", A1BASE_JOB).at("/id").asText();
        var bodies = spoilt(A1BASE_JOB);
        assertThat(bodies).hasSizeGreaterThan(300);
        for (var body : bodies) {
            for (var reply :
                    List.of(
                            client.post("/v1/cron-jobs", body),
                            client.patch("/v1/cron-jobs/" + job, body))) {
                assertThat(reply.status()).as(body + reply.text()).isIn(200, 201, 400);
                assertThat(reply.at("/error/details").isEmpty()).isEqualTo(reply.status() < 300);
            }
        }
    }

    @Test
    void no_odd_path_or_query_breaks_them() {
        for (var odd : List.of("%00", "%ff", "..%2f", "%e2%82%ac", ";x", "x".repeat(5_000), "%")) {
            for (var reply : replies(odd)) {
                assertThat(reply.status()).as(odd).isBetween(200, 499);
                assertThat(reply.text()).startsWith("{");
            }
        }
    }

    private List<Client.Reply> replies(String odd) {
        var escaped = odd.equals("%") ? "%25" : odd;
        return List.of(
                world.chronos().get("/api/v1/jobs/" + escaped),
                world.chronos().get("/api/v1/jobs?limit=" + escaped + "&offset=" + escaped),
                world.a1base().get("/v1/cron-jobs/" + escaped),
                world.a1base().get("/v1/cron-jobs?status=" + escaped));
    }
}
