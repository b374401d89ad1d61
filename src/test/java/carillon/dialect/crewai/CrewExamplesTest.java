package carillon.dialect.crewai;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The examples of the document, run by the programs that they are for, without a key, as it has
/// them. What differs is the address, the model, and the ids, which this server gives.
@Timeout(120)
final class CrewExamplesTest extends CrewTest {
    @TempDir private Path scripts;

    private String run(String... command) throws IOException, InterruptedException {
        var said = scripts.resolve("said");
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        var text = Files.readString(said, StandardCharsets.UTF_8);
        assertThat(ended).as(text).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    private JsonNode curl(String path, String body) throws IOException, InterruptedException {
        return Json.read(
                run(
                        "curl",
                        "-sS",
                        "-X",
                        "POST",
                        server().uri(API + path).toString(),
                        "-H",
                        "Content-Type: application/json",
                        "-d",
                        body));
    }

    @Test
    void the_complete_workflow_runs_with_curl() throws Exception {
        answers(_ -> "An article about AI");
        var agent =
                curl(
                        "/agents/",
                        """
                        {
                            "name": "Content Writer",
                            "role": "Content Creator",
                            "goal": "Create engaging content",
                            "model": "m"
                          }
                        """);
        var workflow =
                curl(
                        "/workflows/",
                        """
                        {
                            "name": "Content Pipeline",
                            "description": "Automated content creation",
                            "workflow_type": "linear"
                          }
                        """);
        var task =
                curl(
                        "/tasks/",
                        """
                        {
                            "workflow_id": %s,
                            "agent_id": %s,
                            "name": "Write Article",
                            "description": "Write a blog article about AI",
                            "task_type": "ai_task"
                          }
                        """
                                .formatted(workflow.path("id"), agent.path("id")));
        var begun =
                curl(
                        "/workflows/" + workflow.path("id") + "/execute",
                        """
                        {
                            "input_data": {
                              "topic": "AI in Healthcare",
                              "length": "1000 words"
                            }
                          }
                        """);
        var ended = ended(begun.path("id").asLong());
        assertThat(ended.path("status").asText()).isEqualTo("completed");
        assertThat(get("/tasks/" + task.path("id")).path("output_data").asText())
                .isEqualTo("An article about AI");
        assertThat(question(asked().getFirst())).contains("1000 words");
    }

    @Test
    void the_snippet_for_javascript_runs_with_node() throws Exception {
        var script = scripts.resolve("snippet.mjs");
        Files.writeString(
                script,
                """
                // Get all agents
                fetch('BASE/api/v1/agents/')
                  .then(response => response.json())
                  .then(agents => console.log(agents));

                // Create new agent
                const agentData = {
                  name: "JS Agent",
                  role: "JavaScript Developer",
                  goal: "Write JavaScript code",
                  model: "llama-4-maverick-17b-128e-instruct"
                };

                fetch('BASE/api/v1/agents/', {
                  method: 'POST',
                  headers: {
                    'Content-Type': 'application/json',
                  },
                  body: JSON.stringify(agentData)
                })
                .then(response => response.json())
                .then(agent => console.log(agent));
                """
                        .replace("BASE", server().uri("/crewai").toString()));
        assertThat(run("node", script.toString())).contains("JS Agent");
        assertThat(get("/agents/").findValuesAsText("name")).containsExactly("JS Agent");
    }

    @Test
    void the_snippet_for_python_runs_with_its_standard_library() throws Exception {
        var script = scripts.resolve("snippet.py");
        Files.writeString(
                script,
                """
                import json
                import urllib.request

                # Get all agents
                response = urllib.request.urlopen('BASE/api/v1/agents/')
                agents = json.load(response)

                # Create new agent
                agent_data = {
                    "name": "Python Agent",
                    "role": "Python Developer",
                    "goal": "Write Python code",
                    "model": "llama-4-maverick-17b-128e-instruct"
                }
                request = urllib.request.Request(
                    'BASE/api/v1/agents/',
                    data=json.dumps(agent_data).encode(),
                    headers={'Content-Type': 'application/json'})
                response = urllib.request.urlopen(request)
                print(response.status, json.load(response)["name"], agents)
                """
                        .replace("BASE", server().uri("/crewai").toString()));
        assertThat(run("python3", script.toString())).contains("201 Python Agent []");
    }
}
