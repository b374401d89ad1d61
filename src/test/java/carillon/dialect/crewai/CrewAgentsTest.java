package carillon.dialect.crewai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
final class CrewAgentsTest extends CrewTest {
    private static final String WHOLE =
            """
            {"name":"New Agent","role":"Agent Role","goal":"Agent goal description",
             "backstory":"Agent backstory","model":"m","temperature":"0.7","max_tokens":100,
             "top_p":"0.8","is_active":true,"config":{"a":1},
             "capabilities":["Capability 1","Capability 2"],"tools":["tool1","tool2"]}
            """;

    @Test
    void an_agent_is_made_shown_changed_and_deleted() throws Exception {
        var made = made("/agents/", WHOLE);
        assertThat(names(made))
                .containsExactly(
                        "id",
                        "name",
                        "role",
                        "goal",
                        "backstory",
                        "model",
                        "temperature",
                        "max_tokens",
                        "top_p",
                        "is_active",
                        "created_at",
                        "updated_at",
                        "created_by",
                        "config",
                        "capabilities",
                        "tools");
        assertThat(made.path("id").isIntegralNumber()).isTrue();
        assertThat(made.path("temperature").textValue()).isEqualTo("0.7");
        assertThat(made.path("top_p").textValue()).isEqualTo("0.8");
        assertThat(made.path("max_tokens").intValue()).isEqualTo(100);
        assertThat(made.path("created_at").asText()).matches(TIME);
        assertThat(made.path("created_by").isNull()).isTrue();
        assertThat(made.path("tools")).hasSize(2);
        var path = "/agents/" + made.path("id");
        assertThat(get(path)).isEqualTo(made);
        assertThat(get(path + "/capabilities").path("capabilities")).hasSize(2);

        var changed = done("PUT", path, "{\"goal\":\"Another\",\"is_active\":false}");
        assertThat(changed.path("goal").asText()).isEqualTo("Another");
        assertThat(changed.path("role").asText()).isEqualTo("Agent Role");
        assertThat(get("/agents/")).isEmpty();
        assertThat(get("/agents?active_only=false")).hasSize(1);

        assertThat(done("DELETE", path, "").path("message").asText())
                .isEqualTo("Agent deleted successfully");
        var details = refused("GET", path, "", 404, "NOT_FOUND");
        assertThat(details.path("resource").asText()).isEqualTo("Agent");
        assertThat(details.path("identifier").asText()).isEqualTo(made.path("id").asText());
    }

    @Test
    void what_is_left_out_is_as_the_document_has_it() throws Exception {
        var made = made("/agents/", "{\"name\":\"a\",\"role\":\"r\",\"goal\":\"g\"}");
        assertThat(made.path("model").asText()).isEqualTo("llama-4-maverick-17b-128e-instruct");
        assertThat(made.path("temperature").asText()).isEqualTo("0.6");
        assertThat(made.path("top_p").asText()).isEqualTo("0.9");
        assertThat(made.path("max_tokens").asInt()).isEqualTo(32_768);
        assertThat(made.path("is_active").asBoolean()).isTrue();
        assertThat(made.path("backstory").isNull()).isTrue();
        assertThat(made.path("config").isNull()).isTrue();
        // It is the agent of the native API, too.
        assertThat(server().get("/api/v1/agents/a").path("role").asText()).isEqualTo("r");
        refused(
                "POST",
                "/agents/",
                "{\"name\":\"a\",\"role\":\"r\",\"goal\":\"g\"}",
                409,
                "CONFLICT_ERROR");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "`role`:`r`,`goal`:`g` | name",
                "`name`:`a`,`role`:`r`,`goal`:`` | goal",
                "`name`:`a`,`role`:`r`,`goal`:`g`,`temperature`:`hot` | temperature",
                "`name`:`a`,`role`:`r`,`goal`:`g`,`temperature`:`3` | temperature",
                "`name`:`a`,`role`:`r`,`goal`:`g`,`top_p`:`2` | top_p",
                "`name`:`a`,`role`:`r`,`goal`:`g`,`max_tokens`:32769 | max_tokens",
                "`name`:`a`,`role`:`r`,`goal`:`g`,`is_active`:`x` | is_active",
                "`name`:`a`,`role`:`r`,`goal`:`g`,`tools`:`x` | tools",
            })
    void a_bad_field_is_told_where_it_stands(String fields, String field) throws Exception {
        var body = "{" + fields.replace('`', '"') + "}";
        var errors = refused("POST", "/agents/", body, 422, "VALIDATION_ERROR").path("errors");
        assertThat(errors).hasSize(1);
        assertThat(names(errors.path(0))).containsExactly("loc", "msg", "type");
        assertThat(errors.path(0).path("loc").toString()).isEqualTo("[\"body\",\"" + field + "\"]");
    }

    @ParameterizedTest
    @CsvSource({"skip=-1,skip", "limit=0,limit", "limit=1001,limit", "active_only=x,active_only"})
    void a_bad_parameter_is_told_as_one(String query, String name) throws Exception {
        var details = refused("GET", "/agents/?" + query, "", 422, "VALIDATION_ERROR");
        assertThat(details.at("/errors/0/loc").toString())
                .isEqualTo("[\"query\",\"" + name + "\"]");
    }

    @Test
    void a_test_asks_the_model_as_the_agent() throws Exception {
        answers(text -> "Well: " + text);
        long id = agent("Ann");
        var tested =
                done(
                        "POST",
                        "/agents/" + id + "/test",
                        "{\"input\":\"Who are you?\",\"context\":{\"additional\":\"data\"}}");
        assertThat(names(tested))
                .containsExactly(
                        "agent_id",
                        "input",
                        "output",
                        "execution_time",
                        "tokens_used",
                        "success",
                        "error");
        assertThat(tested.path("input").asText()).isEqualTo("Who are you?");
        assertThat(tested.path("output").asText())
                .startsWith("Well: Who are you?")
                .contains("{\"additional\":\"data\"}");
        assertThat(tested.path("tokens_used").asInt()).isEqualTo(15);
        assertThat(tested.path("success").asBoolean()).isTrue();
        var body = asked().getFirst();
        assertThat(body.at("/messages/0/role").asText()).isEqualTo("system");
        assertThat(body.at("/messages/0/content").asText())
                .contains("You are Writer.")
                .contains("Once a poet")
                .contains("Your goal: Write well");
        assertThat(body.path("temperature").asDouble()).isEqualTo(0.6);
        assertThat(body.path("top_p").asDouble()).isEqualTo(0.9);

        answers(_ -> "FAIL");
        var failed = done("POST", "/agents/" + id + "/test", "{\"input\":\"x\"}");
        assertThat(failed.path("success").asBoolean()).isFalse();
        assertThat(failed.path("output").isNull()).isTrue();
        assertThat(failed.path("error").asText()).contains("400");
        refused("POST", "/agents/" + id + "/test", "{}", 422, "VALIDATION_ERROR");
        refused("POST", "/agents/1/test", "{\"input\":\"x\"}", 404, "NOT_FOUND");
    }

    @Test
    void lists_skip_and_stop() throws Exception {
        for (int i = 0; i < 5; i++) {
            agent("agent " + i);
        }
        assertThat(get("/agents?limit=2")).hasSize(2);
        assertThat(get("/agents?skip=3")).hasSize(2);
        assertThat(get("/agents/?skip=5")).isEmpty();
    }
}
