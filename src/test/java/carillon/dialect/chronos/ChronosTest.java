package carillon.dialect.chronos;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.dialect.Client;
import carillon.dialect.Client.Reply;
import carillon.dialect.World;
import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What the contract tests of Chronos share: one server for all tests of a class, and jobs.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ChronosTest {
    static final String JOBS = "/api/v1/jobs";

    World world;
    Client chronos;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        world = new World(folder);
        chronos = world.chronos();
    }

    @AfterAll
    void stop() throws Exception {
        world.close();
    }

    /// The data of an answer that grants the request, in the envelope.
    static JsonNode granted(Reply reply, int status) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(names(reply.json())).containsExactly("success", "data", "error");
        assertThat(reply.at("/success").booleanValue()).isTrue();
        assertThat(reply.at("/error").isNull()).isTrue();
        return reply.json().get("data");
    }

    static JsonNode granted(Reply reply) {
        return granted(reply, 200);
    }

    /// An answer that refuses, in the envelope.
    static void refused(Reply reply, int status, String code, String message) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(names(reply.json())).containsExactly("success", "data", "error");
        assertThat(reply.at("/success").booleanValue()).isFalse();
        assertThat(reply.at("/data").isNull()).isTrue();
        assertThat(reply.at("/error/code").asText()).isEqualTo(code);
        assertThat(reply.at("/error/message").asText()).contains(message);
    }

    static List<String> names(JsonNode object) {
        return object.propertyStream().map(Map.Entry::getKey).toList();
    }

    /// A job that does not fire by itself, whose target is the receiver's `path`; `more` are
    /// further fields as JSON, each with a comma before it.
    String body(String path, String more) {
        return """
        {"name": "job", "schedule": "0 0 1 1 *", "webhook": {"url": "%s", "method": "POST"}%s}"""
                .formatted(world.receiver().url(path), more);
    }

    JsonNode create(String body) {
        return granted(chronos.post(JOBS, body), 201);
    }

    /// The path of a new job.
    String newJob(String path, String more) {
        return JOBS + "/" + create(body(path, more)).get("id").asText();
    }

    String newJob(String path) {
        return newJob(path, "");
    }

    static ObjectNode object(String json) {
        return Json.readObject(json);
    }
}
