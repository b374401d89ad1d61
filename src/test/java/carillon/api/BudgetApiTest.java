package carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class BudgetApiTest {
    private static final String BUDGETS = "/api/v1/budgets";
    private static final String FORECAST = "/api/v1/tasks/forecast";
    private static final String TAG =
            """
            {"scope":"tag","name":"blue","limit":2.50,"period":"month",
             "timezone":"Europe/Berlin","on_exhausted":"wait"}
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

    private String make(String body) throws Exception {
        var made = server.post(BUDGETS, body);
        assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
        return made.header("Location");
    }

    @Test
    void a_budget_is_made_and_shown_with_how_it_stands() throws Exception {
        var shown = server.get(make(TAG));
        assertThat(shown.header("ETag")).isEqualTo("\"1\"");
        var body = shown.body();
        assertThat(body.path("scope").asText()).isEqualTo("tag");
        assertThat(body.path("name").asText()).isEqualTo("blue");
        assertThat(body.path("limit").decimalValue()).isEqualByComparingTo("2.5");
        assertThat(body.path("period").asText()).isEqualTo("month");
        assertThat(body.path("timezone").asText()).isEqualTo("Europe/Berlin");
        assertThat(body.path("on_exhausted").asText()).isEqualTo("wait");
        assertThat(body.path("spent").asInt()).isZero();
        assertThat(body.path("reserved").asInt()).isZero();
        assertThat(body.path("left").decimalValue()).isEqualByComparingTo("2.5");
        var now = Instant.parse(body.path("created_at").asText());
        assertThat(Instant.parse(body.path("period_start").asText())).isBefore(now);
        assertThat(Instant.parse(body.path("resets_at").asText())).isAfter(now);
    }

    @Test
    void the_budget_of_the_installation_has_no_name_and_the_zone_of_the_server() throws Exception {
        var path = make("{\"scope\":\"installation\",\"limit\":0,\"period\":\"day\"}");
        var body = server.get(path).body();
        assertThat(body.path("name").isNull()).isTrue();
        assertThat(body.path("timezone").asText()).isEqualTo("Z");
        assertThat(body.path("on_exhausted").asText()).isEqualTo("skip");
        // What was got can be put.
        assertThat(server.put(path, Json.write(body)).status()).isEqualTo(200);
    }

    @Test
    void there_is_one_for_each_scope_name_and_period() throws Exception {
        make(TAG);
        var again = server.post(BUDGETS, TAG.replace("2.50", "7"));
        assertThat(again.status()).isEqualTo(409);
        make(TAG.replace("month", "day"));
        make(TAG.replace("blue", "blue=1"));
        var page = server.get(BUDGETS + "?limit=2").body();
        assertThat(page.path("data")).hasSize(2);
        assertThat(page.at("/data/0/name").asText()).isEqualTo("blue=1");
        var rest = server.get(BUDGETS + "?cursor=" + page.path("next_cursor").asText()).body();
        assertThat(rest.path("data")).hasSize(1);
        assertThat(rest.path("next_cursor").isNull()).isTrue();
    }

    @Test
    void a_change_is_held_to_the_version_seen() throws Exception {
        var path = make(TAG);
        var changed = server.put(path, TAG.replace("2.50", "7"), "If-Match", "\"1\"");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("ETag")).isEqualTo("\"2\"");
        assertThat(changed.body().path("limit").asInt()).isEqualTo(7);
        var late = server.put(path, TAG, "If-Match", "\"1\"");
        assertThat(late.status()).isEqualTo(412);
        var delete = server.request(path).header("If-Match", "\"1\"").DELETE();
        assertThat(server.send(delete).status()).isEqualTo(412);
        for (var other : new String[] {"month", "blue", "tag"}) {
            var word = other.equals("month") ? "week" : other.equals("tag") ? "model" : "red";
            var moved = server.put(path, TAG.replace(other, word));
            assertThat(moved.status()).as(other).isEqualTo(400);
        }
        assertThat(server.delete(path).body().path("deleted").asBoolean()).isTrue();
        assertThat(server.delete(path).status()).isEqualTo(404);
        assertThat(server.get(path).status()).isEqualTo(404);
        assertThat(server.put(path, TAG).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'limit':1,'period':'day'}|scope",
                "{'scope':'planet','limit':1,'period':'day'}|scope",
                "{'scope':'tag','limit':1,'period':'day'}|name",
                "{'scope':'tag','name':' ','limit':1,'period':'day'}|name",
                "{'scope':'installation','name':'x','limit':1,'period':'day'}|name",
                "{'scope':'installation','limit':-0.5,'period':'day'}|limit",
                "{'scope':'installation','limit':'1','period':'day'}|limit",
                "{'scope':'installation','limit':1000000001,'period':'day'}|limit",
                "{'scope':'installation','limit':1}|period",
                "{'scope':'installation','limit':1,'period':'day','spent':0}|spent",
            })
    void a_bad_budget_is_refused_by_its_field(String body, String field) throws Exception {
        var refused = server.post(BUDGETS, body.replace('\'', '"'));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().at("/errors/0/field").asText()).isEqualTo(field);
    }

    @Test
    void editors_may_change_budgets_and_operators_may_not() throws Exception {
        assertThat(as("operate", BUDGETS, TAG)).isEqualTo(403);
        assertThat(as("edit", BUDGETS, TAG)).isEqualTo(201);
    }

    private int as(String key, String path, String body) throws Exception {
        var request =
                server.request(path)
                        .setHeader("Authorization", "Bearer " + key)
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        return server.send(request).status();
    }

    @Test
    void a_task_shows_how_its_own_budget_stands() throws Exception {
        var none = server.get(server.task("without", "")).body();
        assertThat(none.path("budget_status").isNull()).isTrue();
        var path = server.task("with", ",\"budget\":{\"limit\":1.5,\"period\":\"week\"}");
        var task = server.get(path).body();
        assertThat(task.at("/budget/on_exhausted").asText()).isEqualTo("skip");
        assertThat(task.at("/budget_status/left").decimalValue()).isEqualByComparingTo("1.5");
        var listed = server.get("/api/v1/tasks").body().path("data");
        assertThat(listed.get(0).at("/budget_status/spent").isNumber()).isTrue();
        assertThat(server.put(path, Json.write(task)).status()).isEqualTo(200);
    }

    private void model(String name, String prices) throws Exception {
        var body =
                """
                {"name":"%s","provider":"openai","base_url":"https://models.example/v1",
                 "defaults":{"max_tokens":100}%s}
                """
                        .formatted(name, prices);
        assertThat(server.post("/api/v1/models", body).status()).isEqualTo(201);
    }

    @Test
    void a_test_of_a_model_is_paid_by_who_asks() throws Exception {
        model("dear", ",\"prices\":{\"input\":10,\"output\":90}");
        var path = make("{\"scope\":\"installation\",\"limit\":1,\"period\":\"month\"}");
        var tested = server.post("/api/v1/models/dear/test", "{\"text\":\"Hello\"}").body();
        assertThat(tested.path("ok").asBoolean()).isTrue();
        var cost = tested.path("cost").decimalValue();
        assertThat(cost).isPositive();
        var budget = server.get(path).body();
        assertThat(budget.path("spent").decimalValue()).isEqualByComparingTo(cost);
        assertThat(budget.path("reserved").asInt()).isZero();
        make("{\"scope\":\"key\",\"name\":\"administer\",\"limit\":0,\"period\":\"day\"}");
        var refused = server.post("/api/v1/models/dear/test", "{\"text\":\"Hello\"}").body();
        assertThat(refused.path("ok").asBoolean()).isFalse();
        assertThat(refused.path("error").asText())
                .startsWith("the budget of key administer, $0.00 a day, is too small");
    }

    private static String task(String model, String more) {
        return """
        {"name":"daily","schedule":{"every":"1h"},
         "action":{"prompt":{"model":"%s","text":"%s"}}%s}
        """
                .formatted(model, "word ".repeat(80), more);
    }

    private JsonNode forecast(String body) throws Exception {
        var answer = server.post(FORECAST, body);
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void a_task_that_is_not_stored_is_forecast_from_its_question_and_the_longest_answer()
            throws Exception {
        model("dear", ",\"prices\":{\"input\":10,\"output\":90}");
        make("{\"scope\":\"model\",\"name\":\"dear\",\"limit\":0.2,\"period\":\"day\"}");
        make("{\"scope\":\"model\",\"name\":\"other\",\"limit\":0,\"period\":\"day\"}");
        var more = ",\"budget\":{\"limit\":9,\"period\":\"month\"}";
        var forecast = forecast(task("dear", more));
        // 100 tokens of $10 a million, and 100 of $90.
        assertThat(forecast.path("basis").asText()).isEqualTo("estimate");
        assertThat(forecast.path("cost_per_run").decimalValue()).isEqualByComparingTo("0.01");
        assertThat(forecast.path("fires").asInt()).isEqualTo(720);
        assertThat(forecast.path("cost").decimalValue()).isEqualByComparingTo("7.2");
        assertThat(forecast.path("explanation").asText())
                .startsWith("about $7.20 in 30 days for 720 runs: $0.01 a run at most");
        var budgets = forecast.path("budgets");
        assertThat(budgets).hasSize(2);
        assertThat(budgets.get(0).path("exceeded").asBoolean()).isFalse();
        assertThat(budgets.get(1).path("budget").asText()).isEqualTo("model dear");
        assertThat(budgets.get(1).path("expected").decimalValue()).isEqualByComparingTo("0.24");
        assertThat(budgets.get(1).path("exceeded").asBoolean()).isTrue();
        assertThat(server.taskCount()).isZero();
    }

    @Test
    void what_costs_nothing_is_forecast_at_nothing() throws Exception {
        var echo = forecast(task("echo", ""));
        assertThat(echo.path("basis").asText()).isEqualTo("free");
        assertThat(echo.path("cost").asInt()).isZero();
        var path = server.task("calls nobody", ",\"schedule\":{\"cron\":\"0 9 * * *\"}");
        var stored = server.get(path + "/forecast").body();
        assertThat(stored.path("fires").asInt()).isEqualTo(30);
        assertThat(stored.path("cost").asInt()).isZero();
        assertThat(stored.path("explanation").asText()).contains("asks no model");
    }

    @Test
    void an_unknown_cost_says_why() throws Exception {
        var missing = forecast(task("nobody", ""));
        assertThat(missing.path("basis").asText()).isEqualTo("unknown");
        assertThat(missing.path("cost").isNull()).isTrue();
        assertThat(missing.path("explanation").asText()).contains("there is no model 'nobody'");
        model("unpriced", "");
        assertThat(forecast(task("unpriced", "")).path("explanation").asText())
                .contains("model 'unpriced' has no prices");
        assertThat(server.get("/api/v1/tasks/999/forecast").status()).isEqualTo(404);
        assertThat(server.post(FORECAST, "{}").status()).isEqualTo(400);
    }

    @Test
    void what_a_workflow_costs_is_not_foreseen() throws Exception {
        var workflow =
                """
                {"name":"w","schedule":{"every":"1h"},"action":{"workflow":{"shape":"parallel",
                  "steps":[{"name":"a","action":{"prompt":{"model":"echo","text":"x"}}}]}}}
                """;
        var forecast = server.post(FORECAST, workflow).body();
        assertThat(forecast.path("basis").asText()).isEqualTo("unknown");
        assertThat(forecast.path("explanation").asText()).contains("not foreseen");
    }

    @Test
    void a_task_without_a_schedule_fires_never() throws Exception {
        var forecast = server.get(server.task("by hand", "") + "/forecast").body();
        assertThat(forecast.path("fires").asInt()).isZero();
        assertThat(forecast.path("fires_exact").asBoolean()).isTrue();
    }
}
