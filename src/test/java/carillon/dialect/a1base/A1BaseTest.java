package carillon.dialect.a1base;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.dialect.Client;
import carillon.dialect.Client.Reply;
import carillon.dialect.World;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What the contract tests of A1Base share: one server for all tests of a class, and jobs.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class A1BaseTest {
    static final String JOBS = "/v1/cron-jobs";
    static final String UTC = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";

    World world;
    Client a1base;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        world = new World(folder);
        a1base = world.a1base();
    }

    @AfterAll
    void stop() throws Exception {
        world.close();
    }

    static JsonNode granted(Reply reply, int status) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        return reply.json();
    }

    static JsonNode granted(Reply reply) {
        return granted(reply, 200);
    }

    static JsonNode refused(Reply reply, int status, String code) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(names(reply.json())).containsExactly("error");
        assertThat(reply.at("/error/code").asText()).isEqualTo(code);
        assertThat(reply.at("/error/message").asText()).isNotEmpty();
        return reply.json().get("error");
    }

    static List<String> names(JsonNode object) {
        return object.propertyStream().map(Map.Entry::getKey).toList();
    }

    JsonNode create(String body) {
        return granted(a1base.post(JOBS, body), 201);
    }

    /// A job that calls the receiver's `path` every second.
    JsonNode everySecond(String path, String method) {
        return create(
                """
                {"endpoint_url": "%s", "frequency": "custom", "custom_schedule": "* * * * * *",
                 "timezone": "Asia/Tokyo", "method": "%s"}
                """
                        .formatted(world.receiver().url(path), method));
    }

    JsonNode daily() {
        return create(
                """
                {"endpoint_url": "%s", "frequency": "daily", "time": "09:00",
                 "timezone": "UTC", "method": "GET"}
                """
                        .formatted(world.receiver().url("/daily/200")));
    }

    static String path(JsonNode job) {
        return JOBS + "/" + job.get("id").asText();
    }
}
