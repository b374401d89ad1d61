package carillon.dialect.gptrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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

/// What the contract tests of this API share: one server for all tests of a class, and tasks.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GptRunnerTest {
    static final String TASKS = "/api/v1/tasks";
    static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

    World world;
    Client gpt;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        world = new World(folder);
        gpt = world.gptRunner();
    }

    @AfterAll
    void stop() throws Exception {
        world.close();
    }

    /// The data of an answer in the documented envelope.
    static JsonNode granted(Reply reply, int status) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(names(reply.json())).containsExactly("success", "data", "message", "timestamp");
        assertThat(reply.at("/success").booleanValue()).isTrue();
        assertThat(reply.at("/message").asText()).isNotEmpty();
        assertThat(reply.at("/timestamp").asText()).matches(TIME);
        return reply.json().get("data");
    }

    static JsonNode granted(Reply reply) {
        return granted(reply, 200);
    }

    /// The details of a refusal in the documented envelope.
    static JsonNode refused(Reply reply, int status, String code) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(names(reply.json())).containsExactly("success", "error", "timestamp");
        assertThat(reply.at("/success").booleanValue()).isFalse();
        assertThat(reply.at("/timestamp").asText()).matches(TIME);
        assertThat(names(reply.at("/error"))).containsExactly("code", "message", "details");
        assertThat(reply.at("/error/code").asText()).isEqualTo(code);
        assertThat(reply.at("/error/message").asText()).isNotEmpty();
        return reply.at("/error/details");
    }

    static List<String> names(JsonNode object) {
        return object.propertyStream().map(Map.Entry::getKey).toList();
    }

    JsonNode create(String body) {
        return granted(gpt.post(TASKS, body), 201);
    }

    JsonNode task(String id) {
        return granted(gpt.get(TASKS + "/" + id));
    }

    /// The task as it stands when its newest run has ended.
    JsonNode ended(String id) {
        await().until(() -> List.of("completed", "failed").contains(status(id)));
        return task(id);
    }

    private String status(String id) {
        return task(id).get("status").asText();
    }
}
