package carillon.api;

import static carillon.api.NativeApiTest.texts;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60) // A server that does not answer fails its test and does not hang the build.
final class PromptApiTest {
    private static final String PROMPTS = "/api/v1/prompts";

    private static final String REPORT =
            """
            {"name":"Daily report","category":"news","description":"Every morning",
             "tags":["a","b","a"],"text":"Tell {{who}} about {{topic}}.",
             "variables":[{"name":"who","description":"whom","required":true},
                          {"name":"topic","default":"the weather"}]}
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

    private static String body(String name, String text) {
        return Json.write(Json.object().put("name", name).put("text", text));
    }

    private String prompt(String name, String text) throws Exception {
        var made = server.post(PROMPTS, body(name, text));
        assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
        return made.header("Location");
    }

    @Test
    void a_prompt_is_made_shown_listed_changed_and_deleted() throws Exception {
        var made = server.post(PROMPTS, REPORT);
        assertThat(made.status()).isEqualTo(201);
        var id = made.body().path("id");
        assertThat(id.isIntegralNumber()).isTrue();
        var path = PROMPTS + "/" + id;
        assertThat(made.header("Location")).isEqualTo(path);
        assertThat(made.header("ETag")).isEqualTo("\"1\"");
        assertThat(made.body().path("version").asInt()).isOne();
        assertThat(made.body().path("tags")).isEqualTo(Json.read("[\"a\",\"b\"]"));
        assertThat(made.body().path("variables"))
                .isEqualTo(
                        Json.read(
                                """
                                [{"name":"who","description":"whom","required":true,
                                  "default":null},
                                 {"name":"topic","description":"","required":false,
                                  "default":"the weather"}]
                                """));

        assertThat(server.get(path).body()).isEqualTo(made.body());
        var byName = server.get(PROMPTS + "/Daily%20report");
        assertThat(byName.body()).isEqualTo(made.body());
        assertThat(byName.header("ETag")).isEqualTo("\"1\"");

        var put = server.put(path, made.raw().body().replace("Every morning", "Changed"));
        assertThat(put.status()).isEqualTo(200);
        assertThat(put.body().path("version").asInt()).isEqualTo(2);
        assertThat(put.body().path("description").asText()).isEqualTo("Changed");
        assertThat(put.body().path("created_at")).isEqualTo(made.body().path("created_at"));

        var deleted = server.delete(PROMPTS + "/Daily%20report");
        assertThat(deleted.body())
                .isEqualTo(Json.read("{\"id\":%s,\"deleted\":true}".formatted(id)));
        assertThat(server.get(path).status()).isEqualTo(404);
        assertThat(server.delete(path).status()).isEqualTo(404);
        assertThat(server.get(path + "/versions").status()).isEqualTo(404);
    }

    @Test
    void lists_are_filtered_and_paged() throws Exception {
        server.post(PROMPTS, REPORT);
        for (int i = 0; i < 4; i++) {
            prompt("other " + i, "text");
        }
        for (var filter :
                List.of("q=MORNING", "q=about", "category=news", "tag=B", "tag=b&q=tell")) {
            var found = server.get(PROMPTS + "?" + filter).body().path("data");
            assertThat(texts(found, "name")).as(filter).containsExactly("Daily report");
        }
        for (var filter : List.of("q=nothing", "category=New", "tag=ab", "tag=a&category=x")) {
            assertThat(server.get(PROMPTS + "?" + filter).body().path("data").size())
                    .as(filter)
                    .isZero();
        }
        var first = server.get(PROMPTS + "?limit=3").body();
        assertThat(texts(first.path("data"), "name"))
                .containsExactly("other 3", "other 2", "other 1");
        var cursor = first.path("next_cursor").asText();
        var rest = server.get(PROMPTS + "?limit=3&cursor=" + cursor).body();
        assertThat(texts(rest.path("data"), "name")).containsExactly("other 0", "Daily report");
        assertThat(rest.path("next_cursor").isNull()).isTrue();
        assertThat(server.get(PROMPTS + "?limit=0").status()).isEqualTo(400);
        assertThat(server.get(PROMPTS + "?cursor=@").status()).isEqualTo(400);
    }

    @Test
    void names_are_unique() throws Exception {
        prompt("one", "x");
        var two = prompt("two", "x");
        assertThat(server.post(PROMPTS, body("one", "y")).status()).isEqualTo(409);
        var taken = server.put(two, body("one", "y"));
        assertThat(taken.status()).isEqualTo(409);
        assertThat(taken.body().path("detail").asText()).contains("'one'");
        assertThat(server.get(two).body().path("version").asInt()).isOne();
        assertThat(server.put(two, body("three", "y")).status()).isEqualTo(200);
        assertThat(server.get(PROMPTS + "/two").status()).isEqualTo(404);
        assertThat(server.post(two + "/rollback/1", "").body().path("name").asText())
                .isEqualTo("two");
    }

    @Test
    void if_match_holds_changes_to_the_version_that_was_seen() throws Exception {
        var path = prompt("a", "x");
        assertThat(server.put(path, body("a", "y"), "If-Match", "\"1\"").header("ETag"))
                .isEqualTo("\"2\"");
        for (var stale : List.of("\"1\"", "\"9\"", "1", "W/\"2\"", "")) {
            var refused = server.put(path, body("a", "z"), "If-Match", stale);
            assertThat(refused.status()).as(stale).isEqualTo(412);
        }
        var delete = server.request(path).DELETE();
        assertThat(server.send(delete.copy().header("If-Match", "\"1\"")).status()).isEqualTo(412);
        assertThat(server.put(path, body("a", "z"), "If-Match", "*").status()).isEqualTo(200);
        assertThat(server.send(delete.copy().header("If-Match", "\"3\"")).status()).isEqualTo(200);
    }

    @Test
    void versions_are_kept_compared_and_rolled_back_to() throws Exception {
        var path = prompt("a", "one\ntwo");
        server.put(path, body("a", "one\n2"));
        var back = server.post(path + "/rollback/1", "");
        assertThat(back.status()).isEqualTo(200);
        assertThat(back.header("ETag")).isEqualTo("\"3\"");
        assertThat(back.body().path("text").asText()).isEqualTo("one\ntwo");

        var versions = server.get(path + "/versions?limit=2").body();
        assertThat(texts(versions.path("data"), "version")).containsExactly("3", "2");
        assertThat(versions.path("data").get(0).path("rolled_back_from").asInt()).isOne();
        assertThat(versions.path("data").get(0).path("created_by").asText())
                .isEqualTo("administer");
        var rest = server.get(path + "/versions?cursor=" + versions.path("next_cursor").asText());
        assertThat(texts(rest.body().path("data"), "version")).containsExactly("1");
        assertThat(server.get(path + "/versions/2").body().path("definition").path("text").asText())
                .isEqualTo("one\n2");

        var diff = server.get(path + "/diff?from=1&to=2").body();
        assertThat(diff.path("changes"))
                .isEqualTo(
                        Json.read(
                                """
                                [{"from_line":2,"removed":["two"],"to_line":2,"added":["2"]}]
                                """));
        assertThat(diff.path("fields")).isEqualTo(Json.read("[\"text\"]"));
        assertThat(diff.path("unified").asText()).contains("\n-two\n+2");
        var newest = server.get(path + "/diff").body();
        assertThat(newest.path("from").asInt()).isEqualTo(2);
        assertThat(newest.path("to").asInt()).isEqualTo(3);

        for (var wrong : List.of("9", "0", "x", "99999999999999999999")) {
            assertThat(server.get(path + "/versions/" + wrong).status()).isEqualTo(404);
            assertThat(server.post(path + "/rollback/" + wrong, "").status()).isEqualTo(404);
        }
        assertThat(server.get(path + "/diff?from=9").status()).isEqualTo(404);
        assertThat(server.get(path + "/diff?from=x").status()).isEqualTo(400);
        assertThat(server.get(path + "/diff?to=0").status()).isEqualTo(400);
    }

    @Test
    void texts_of_many_lines_are_not_compared() throws Exception {
        var path = prompt("a", "x\n".repeat(6_000) + "x");
        assertThat(server.get(path + "/diff").status()).isEqualTo(400);
    }

    @Test
    void a_version_rolled_back_to_must_still_be_right() throws Exception {
        var part = prompt("part", "x");
        var path = prompt("a", "{{include \"part\"}}");
        server.put(path, body("a", "none"));
        server.delete(part);
        var refused = server.post(path + "/rollback/1", "");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(texts(refused.body().path("errors"), "message"))
                .singleElement()
                .asString()
                .contains("a → part: there is no such prompt");
    }

    @Test
    void a_test_renders_and_tells_what_is_missing_and_unknown() throws Exception {
        server.post(PROMPTS, REPORT);
        var path = PROMPTS + "/Daily%20report/test";
        var missing = server.post(path, "");
        assertThat(missing.status()).isEqualTo(200);
        assertThat(missing.body().path("text").isNull()).isTrue();
        assertThat(missing.body().path("missing")).isEqualTo(Json.read("[\"who\"]"));

        var body = "{\"variables\":{\"who\":\"{{topic}} <b>\",\"topic\":3.50,\"x\":true}}";
        var done = server.post(path, body);
        assertThat(done.body().path("text").asText()).isEqualTo("Tell {{topic}} <b> about 3.50.");
        assertThat(done.body().path("missing").size()).isZero();
        assertThat(done.body().path("unknown")).isEqualTo(Json.read("[\"x\"]"));
        assertThat(done.body().path("version").asInt()).isOne();

        server.put(PROMPTS + "/Daily%20report", body("Daily report", "new"));
        var old = server.post(path, "{\"variables\":{\"who\":\"me\"},\"version\":1}");
        assertThat(old.body().path("text").asText()).isEqualTo("Tell me about the weather.");
        assertThat(server.post(path, "{\"version\":7}").status()).isEqualTo(404);
    }

    @Test
    void built_in_variables_have_values_in_a_test_and_may_be_given() throws Exception {
        var path = prompt("a", "{{date}}|{{time}}|{{datetime}}|{{fire_time}}|{{run_id}}|");
        var now = server.post(path + "/test", "{}").body();
        assertThat(now.path("text").asText())
                .matches("[0-9-]{10}\\|[0-9:]{8}\\|[0-9T:-]{19}Z\\|[0-9T:.-]+Z\\|\\|");
        var given = "{\"variables\":{\"run_id\":7,\"date\":\"today\"}}";
        var got = server.post(path + "/test", given).body();
        assertThat(got.path("text").asText()).startsWith("today|").endsWith("|7|");
        assertThat(got.path("unknown").size()).isZero();
    }

    @Test
    void a_test_asks_a_model_when_it_is_told_to() throws Exception {
        server.post(PROMPTS, REPORT);
        var path = PROMPTS + "/Daily%20report/test";
        var body = "{\"variables\":{\"who\":\"me\"},\"run\":%s,\"model\":\"echo\"}";
        var run = server.post(path, body.formatted(true));
        assertThat(run.status()).as(run.raw().body()).isEqualTo(200);
        assertThat(run.body().path("text").asText()).isEqualTo("Tell me about the weather.");
        var answer = run.body().path("answer");
        assertThat(answer.path("text").asText())
                .isEqualTo("echo, no model was called: Tell me about the weather.");
        assertThat(answer.path("model").asText()).isEqualTo("echo");
        assertThat(answer.at("/tokens/input").asInt()).isPositive();
        assertThat(answer.path("cost").asInt()).isZero();
        assertThat(answer.path("latency_ms").isIntegralNumber()).isTrue();

        var rendered = server.post(path, body.formatted(false)).body();
        assertThat(rendered.path("answer").isNull()).isTrue();
    }

    @Test
    void a_test_asks_nobody_without_a_model_or_without_what_is_required() throws Exception {
        server.post(PROMPTS, REPORT);
        var path = PROMPTS + "/Daily%20report/test";
        var bodies =
                Map.of(
                        "{\"variables\":{\"who\":\"me\"},\"run\":true}", "model",
                        "{\"run\":true,\"model\":\"echo\"}", "variables.who");
        for (var entry : bodies.entrySet()) {
            var refused = server.post(path, entry.getKey());
            assertThat(refused.status()).as(entry.getKey()).isEqualTo(400);
            assertThat(texts(refused.body().path("errors"), "field"))
                    .containsExactly(entry.getValue());
        }
        var blank = prompt("blank", "{{previous_response}}") + "/test";
        var refused = server.post(blank, "{\"run\":true,\"model\":\"echo\"}");
        assertThat(refused.status()).isEqualTo(400);
    }

    @Test
    void a_test_that_cannot_be_done_says_why() throws Exception {
        var part = prompt("part", "x");
        var path = prompt("a", "{{include \"part\"}}{{previous_response}}") + "/test";
        var run = server.post(path, "{\"run\":true,\"model\":\"m\"}");
        assertThat(run.status()).isEqualTo(400);
        assertThat(texts(run.body().path("errors"), "field")).containsExactly("model");
        assertThat(server.post(path, "{\"run\":false}").status()).isEqualTo(200);
        var bad = "{\"variables\":{\"a\":[],\"b\":{},\"c\":null},\"version\":0,\"z\":1}";
        assertThat(texts(server.post(path, bad).body().path("errors"), "field"))
                .containsExactlyInAnyOrder(
                        "variables.a", "variables.b", "variables.c", "version", "z");
        server.delete(part);
        var broken = server.post(path, "{}");
        assertThat(broken.status()).isEqualTo(409);
        assertThat(broken.body().path("detail").asText()).contains("a → part");
        assertThat(server.post(PROMPTS + "/none/test", "{}").status()).isEqualTo(404);
    }

    @Test
    void a_test_cannot_make_a_text_without_end() throws Exception {
        var made =
                server.post(
                        PROMPTS,
                        "{\"name\":\"a\",\"text\":\"%s\",\"variables\":[{\"name\":\"x\"}]}"
                                .formatted("{{x}}".repeat(1_000)));
        var body = "{\"variables\":{\"x\":\"%s\"}}".formatted("y".repeat(2_000));
        var refused = server.post(made.header("Location") + "/test", body);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(texts(refused.body().path("errors"), "field")).containsExactly("variables");
    }

    @Test
    void what_is_wrong_is_told_field_by_field() throws Exception {
        var answer =
                server.post(
                        PROMPTS,
                        """
                        {"name":"-x","category":7,"tags":["",5],"text":" ","colour":1,"version":1,
                         "variables":[{"name":"date"},{"name":"ok"},{"name":"ok"},{"nam":"x"},
                                      "x",{"name":"y","required":"yes","default":1}]}
                        """);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(texts(answer.body().path("errors"), "field"))
                .containsExactlyInAnyOrder(
                        "name",
                        "category",
                        "tags[0]",
                        "tags[1]",
                        "text",
                        "colour",
                        "version",
                        "variables[0].name",
                        "variables[2].name",
                        "variables[3].name",
                        "variables[3].nam",
                        "variables[4]",
                        "variables[5].required",
                        "variables[5].default");
        var none = server.post(PROMPTS, "{}");
        assertThat(texts(none.body().path("errors"), "field")).containsExactly("name", "text");
        assertThat(server.get(PROMPTS).body().path("data").size()).isZero();
    }

    @Test
    void names_and_texts_have_limits() throws Exception {
        for (var name : List.of("", " a", "a ", "a/b", "ä", "123", "a\\u0001", "x".repeat(101))) {
            var refused = server.post(PROMPTS, "{\"name\":\"%s\",\"text\":\"x\"}".formatted(name));
            assertThat(refused.status()).as(name).isEqualTo(400);
            assertThat(texts(refused.body().path("errors"), "field")).containsExactly("name");
        }
        prompt("x".repeat(100), "ü".repeat(128 * 1024));
        assertThat(server.post(PROMPTS, body("b", "ü".repeat(128 * 1024) + "x")).status())
                .isEqualTo(400);
        prompt("9 a._-", "x".repeat(256 * 1024));
        assertThat(server.get(PROMPTS + "/9%20a._-").status()).isEqualTo(200);
        var variables = new StringBuilder();
        for (int i = 0; i < 101; i++) {
            variables.append(i == 0 ? "" : ",").append("{\"name\":\"v").append(i).append("\"}");
        }
        var many =
                "{\"name\":\"m\",\"text\":\"x\",\"variables\":[%s],\"tags\":[%s\"\"]}"
                        .formatted(variables, "\"t\",".repeat(50));
        assertThat(texts(server.post(PROMPTS, many).body().path("errors"), "field"))
                .containsExactly("tags", "variables");
    }

    @Test
    void a_template_that_is_wrong_is_told_with_the_place() throws Exception {
        var unknown = server.post(PROMPTS, body("a", "one\n {{who}} {{#x}}"));
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(texts(unknown.body().path("errors"), "message"))
                .singleElement()
                .asString()
                .contains("sections", "line 2, column 10");
        var who = server.post(PROMPTS, body("a", "one\n {{who}}"));
        assertThat(texts(who.body().path("errors"), "message"))
                .singleElement()
                .asString()
                .startsWith("unknown variable 'who' at line 2, column 2");
        var path = prompt("a", "x");
        prompt("b", "{{include \"a\"}}");
        var cycle = server.put(path, body("a", "{{include \"b\"}}"));
        assertThat(cycle.status()).isEqualTo(400);
        assertThat(cycle.body().path("detail").asText()).contains("a → b → a");
        var renamed = server.put(path, body("c", "{{include \"b\"}}"));
        assertThat(renamed.body().path("detail").asText()).contains("c → b → a");
        var self = server.put(path, body("c", "{{include \"a\"}}"));
        assertThat(self.body().path("detail").asText()).contains("c → a: there is no such prompt");
        assertThat(server.get(path).body().path("version").asInt()).isOne();
    }

    @Test
    void ids_and_names_that_nobody_has_are_not_found() throws Exception {
        for (var id : List.of("0", "7", "-1", "x", "1.5", "99999999999999999999", "%20", "ä")) {
            var path = PROMPTS + "/" + id;
            assertThat(server.get(path).status()).as(id).isEqualTo(404);
            assertThat(server.put(path, body("a", "x")).status()).as(id).isEqualTo(404);
            assertThat(server.get(path + "/diff").status()).as(id).isEqualTo(404);
        }
    }
}
