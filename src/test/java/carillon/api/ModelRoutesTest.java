package carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.Json;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class ModelRoutesTest {
    private static final String MODELS = "/api/v1/models";
    private static final String MODEL =
            """
            {"name":"cheap","provider":"openai","model":"gpt-x",
             "base_url":"https://models.example/v1","api_key":"sk-canary",
             "defaults":{"temperature":0.5,"top_p":1,"max_tokens":9,"system":"Be brief"},
             "prices":{"input":0.15,"output":0.6},
             "quotas":{"requests_per_minute":60,"concurrent":5},
             "fallbacks":["echo"],"timeout":"9s"}
            """;

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
    void a_model_is_made_shown_listed_changed_and_deleted() throws Exception {
        var made = server.post(MODELS, MODEL);
        assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
        assertThat(made.raw().body()).doesNotContain("canary").contains("\"api_key\":\"***\"");
        assertThat(made.header("ETag")).isEqualTo("\"1\"");
        var path = MODELS + "/" + made.body().path("id");
        assertThat(made.header("Location")).isEqualTo(path);
        assertThat(server.get(path).body()).isEqualTo(made.body());
        assertThat(server.get(MODELS + "/cheap").body()).isEqualTo(made.body());
        assertThat(server.get(MODELS).body().at("/data/0")).isEqualTo(made.body());

        var put = server.put(path, made.raw().body().replace("\"9s\"", "\"1m\""));
        assertThat(put.status()).as(put.raw().body()).isEqualTo(200);
        assertThat(put.body().path("timeout").asText()).isEqualTo("1m");
        assertThat(put.body().path("version").asInt()).isEqualTo(2);
        assertThat(put.body().path("api_key").asText()).isEqualTo("***");

        assertThat(server.delete(path).body().path("deleted").asBoolean()).isTrue();
        assertThat(server.get(path).status()).isEqualTo(404);
        assertThat(server.delete(MODELS + "/cheap").status()).isEqualTo(404);
    }

    @Test
    void what_is_left_out_has_its_default() throws Exception {
        var made = server.post(MODELS, "{\"name\":\"claude-x\",\"provider\":\"anthropic\"}");
        assertThat(made.body().path("model").asText()).isEqualTo("claude-x");
        assertThat(made.body().path("base_url").asText()).isEqualTo("https://api.anthropic.com/v1");
        assertThat(made.body().path("api_key").isNull()).isTrue();
        assertThat(made.body().path("prices").isNull()).isTrue();
        assertThat(made.body().path("timeout").asText()).isEqualTo("2m");
    }

    @Test
    void a_name_is_taken_once_and_echo_is_taken() throws Exception {
        server.post(MODELS, MODEL);
        assertThat(server.post(MODELS, MODEL).status()).isEqualTo(409);
        var echo = "{\"name\":\"echo\",\"provider\":\"echo\"}";
        assertThat(server.post(MODELS, echo).status()).isEqualTo(409);
    }

    @Test
    void a_key_stays_with_its_host() throws Exception {
        var made = server.post(MODELS, MODEL).raw().body();
        var moved = made.replace("models.example", "elsewhere.example");
        var refused = server.put(MODELS + "/cheap", moved);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().at("/errors/0/field").asText()).isEqualTo("api_key");
        var given = moved.replace("***", "sk-other");
        assertThat(server.put(MODELS + "/cheap", given).status()).isEqualTo(200);
        assertThat(server.post(MODELS, made.replace("cheap", "dear")).status()).isEqualTo(400);
    }

    @Test
    void if_match_holds_a_change_to_the_version_that_was_seen() throws Exception {
        server.post(MODELS, MODEL);
        var path = MODELS + "/cheap";
        assertThat(server.put(path, MODEL, "If-Match", "\"1\"").header("ETag")).isEqualTo("\"2\"");
        assertThat(server.put(path, MODEL, "If-Match", "\"1\"").status()).isEqualTo(412);
        assertThat(server.put(path, MODEL, "If-Match", "*").status()).isEqualTo(200);
    }

    @Test
    void how_a_model_is_asked_is_changed_by_itself() throws Exception {
        server.post(MODELS, MODEL);
        var path = MODELS + "/cheap/config";
        assertThat(server.get(path).body())
                .isEqualTo(
                        Json.read(
                                """
                                {"defaults":{"temperature":0.5,"top_p":1.0,"max_tokens":9,
                                 "system":"Be brief"},"prices":{"input":0.15,"output":0.6},
                                 "quotas":{"requests_per_minute":60,"concurrent":5},
                                 "fallbacks":["echo"],"timeout":"9s"}
                                """));
        var put = server.put(path, "{\"defaults\":{\"temperature\":1}}");
        assertThat(put.status()).as(put.raw().body()).isEqualTo(200);
        assertThat(put.body().path("prices").isNull()).isTrue();
        assertThat(server.get(MODELS + "/cheap").body().path("api_key").asText()).isEqualTo("***");
        assertThat(server.put(path, "{\"name\":\"x\"}").status()).isEqualTo(400);
        assertThat(server.put(path, "[]").status()).isEqualTo(400);
    }

    @Test
    void a_model_is_tried_with_its_tokens_and_its_cost() throws Exception {
        server.post(MODELS, MODEL);
        var tried = server.post(MODELS + "/cheap/test", "{\"text\":\"Guten Tag\"}").body();
        assertThat(tried.path("ok").asBoolean()).isTrue();
        assertThat(tried.path("text").asText()).endsWith("Guten Tag");
        // The system message has 8 characters, the text 9, the answer 36.
        assertThat(tried.at("/tokens/input").asInt()).isEqualTo(5);
        assertThat(tried.at("/tokens/output").asInt()).isEqualTo(9);
        assertThat(tried.path("cost").decimalValue()).isEqualByComparingTo("0.00000615");
        assertThat(tried.path("latency_ms").isIntegralNumber()).isTrue();
        var echo = server.post(MODELS + "/echo/test", "{\"text\":\"x\"}").body();
        assertThat(echo.path("cost").decimalValue()).isEqualByComparingTo("0");
        assertThat(server.post(MODELS + "/none/test", "{\"text\":\"x\"}").status()).isEqualTo(404);
        assertThat(server.post(MODELS + "/echo/test", "{}").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "name":"cheap" | "name":"" | name
                    "name":"cheap" | "name":"a/b" | name
                    "name":"cheap" | "name":"12" | name
                    "provider":"openai" | "provider":"nobody" | provider
                    "provider":"openai" | "provider":"echo" | base_url
                    "base_url":"https: | "base_url":"ftp: | base_url
                    //models | //me:you@models | base_url
                    "api_key":"sk-canary" | "api_key":"a\\nb" | api_key
                    "api_key":"sk-canary" | "api_key":"***" | api_key
                    "temperature":0.5 | "temperature":2.5 | defaults.temperature
                    "max_tokens":9 | "max_tokens":0 | defaults.max_tokens
                    "input":0.15 | "input":-1 | prices.input
                    "input":0.15, | "inputs":1, | prices.input
                    ["echo"] | [1] | fallbacks[0]
                    "timeout":"9s" | "timeout":"0s" | timeout
                    "concurrent":5 | "concurrent":0 | quotas.concurrent
                    "concurrent":5 | "per_day":5 | quotas.per_day
                    """)
    void what_is_wrong_is_named(String part, String wrong, String field) throws Exception {
        var body = MODEL.replace(part, wrong);
        assertThat(body).isNotEqualTo(MODEL);
        var refused = server.post(MODELS, body);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(NativeApiTest.texts(refused.body().path("errors"), "field")).contains(field);
        assertThat(refused.raw().body()).doesNotContain("canary");
    }
}
