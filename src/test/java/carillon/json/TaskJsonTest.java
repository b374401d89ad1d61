package carillon.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import carillon.action.HttpAuth;
import carillon.action.HttpCall;
import carillon.schedule.Cron;
import carillon.schedule.Every;
import carillon.schedule.Timetable;
import carillon.task.Policies;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TaskJsonTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final TaskId ID = new TaskId(77);
    private static final ReadContext SENT = ReadContext.sent(ID, NOW, ZoneId.of("UTC"));

    @Test
    void the_stored_form_brings_every_definition_back_exactly() {
        var drawn = new RandomDefinitions(new Random(1));
        for (int i = 0; i < 2_000; i++) {
            var definition = drawn.draw(ID);
            var text = TaskJson.codec().write(ID, definition);
            var read = TaskJson.codec().read(ID, text);
            assertThat(read).as(text).isEqualTo(definition);
            assertThat(List.copyOf(read.tags().keySet()))
                    .isEqualTo(List.copyOf(definition.tags().keySet()));
            assertThat(headerNames(read)).isEqualTo(headerNames(definition));
        }
    }

    @Test
    void the_shown_form_sent_back_over_its_definition_changes_nothing() {
        var drawn = new RandomDefinitions(new Random(2));
        for (int i = 0; i < 2_000; i++) {
            var definition = drawn.draw(ID);
            var shown = Json.write(TaskJson.shown(definition));
            var problems = new Problems();
            var read = TaskJson.read(Json.read(shown), SENT.replacing(definition), problems);
            assertThat(problems.list()).as(shown).isEmpty();
            assertThat(read).as(shown).contains(definition);
        }
    }

    @Test
    void no_shown_form_holds_a_secret() {
        var call =
                sent(
                        """
                        {"name":"n","action":{"http":{"url":"https://me:canary@h.example/",
                         "headers":{"authorization":"canary","X-Api-Key":"canary","Cookie":"canary",
                          "X-Vault-Token":"canary","Proxy-Authorization":"canary"},
                         "auth":{"type":"basic","username":"u","password":"canary"},
                         "secret":"canary"}}}""");
        assertThat(Json.write(TaskJson.shown(call))).doesNotContain("canary").contains("***@h");
        assertThat(TaskJson.codec().write(ID, call)).contains("canary");
        for (var auth :
                List.of(
                        "{'type':'bearer','token':'canary'}",
                        "{'type':'api_key','api_key':'canary'}")) {
            var text = "{'name':'n','action':{'http':{'url':'http://h/','auth':" + auth + "}}}";
            assertThat(Json.write(TaskJson.shown(sent(text.replace('\'', '"')))))
                    .doesNotContain("canary");
        }
    }

    @Test
    void the_shortest_definition_has_all_defaults() {
        var definition = sent("{\"name\":\"n\",\"action\":{\"nothing\":{}}}");
        assertThat(definition.policies()).isEqualTo(Policies.DEFAULT);
        assertThat(definition.timetable()).isEmpty();
        assertThat(definition.description()).isEmpty();
        assertThat(definition.tags()).isEmpty();
        assertThat(TaskJson.shown(definition).get("schedule").isNull()).isTrue();
        assertThat(Json.write(TaskJson.shown(definition).get("tags"))).isEqualTo("{}");
    }

    @Test
    void a_body_of_json_is_sent_as_its_text_and_shown_as_json() {
        var definition = sent(http("'url':'http://h/','method':'post','body':{'a':[1.50]}"));
        assertThat(call(definition).body()).contains("{\"a\":[1.50]}");
        assertThat(call(definition).method()).isEqualTo("POST");
        assertThat(shownHttp(definition).get("body").isObject()).isTrue();

        var text = sent(http("'url':'http://h/','body':'{ }'"));
        assertThat(call(text).body()).contains("{ }");
        assertThat(shownHttp(text).get("body").textValue()).isEqualTo("{ }");
    }

    @Test
    void success_codes_are_numbers_and_ranges() {
        var definition = sent(http("'url':'http://h/','success_codes':[404,'200-202','304']"));
        assertThat(call(definition).successCodes())
                .containsExactlyInAnyOrder(200, 201, 202, 304, 404);
        assertThat(Json.write(shownHttp(definition).get("success_codes")))
                .isEqualTo("[200,201,202,304,404]");
    }

    @Test
    void h_is_spread_by_the_id_and_the_zone_is_the_default_one() {
        var context = ReadContext.sent(ID, NOW, ZoneId.of("Asia/Tokyo"));
        var definition = read(scheduled("{'cron':'H H * * *'}"), context).orElseThrow();
        assertThat(schedule(definition))
                .isInstanceOfSatisfying(
                        Cron.class,
                        cron -> {
                            assertThat(cron.spread()).isEqualTo(77);
                            assertThat(cron.zone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
                        });
    }

    @Test
    void the_same_interval_goes_on_from_its_anchor_and_another_starts_anew() {
        for (var every : List.of("{'every':'15m'}", "{'cron':'@every 15m'}")) {
            var first = sent(scheduled(every));
            assertThat(anchor(first)).isEqualTo(NOW);
            var later = ReadContext.sent(ID, NOW.plusSeconds(100), ZoneId.of("UTC"));
            assertThat(anchor(read(scheduled(every), later.replacing(first)).orElseThrow()))
                    .isEqualTo(NOW);
            var other = scheduled(every.replace("15m", "10m"));
            assertThat(anchor(read(other, later.replacing(first)).orElseThrow()))
                    .isEqualTo(NOW.plusSeconds(100));
        }
    }

    @Test
    void policy_words_are_read_in_either_case() {
        var definition =
                sent(
                        """
                        {"name":"n","action":{"nothing":{}},"concurrency":"FORBID",
                         "misfire":{"policy":"Fire_All","limit":7},"delivery":"AT_MOST_ONCE",
                         "retry":{"attempts":3,"retry_on":["Network",429,"5XX"]},
                         "timeout":"PT5S"}""");
        var shown = TaskJson.shown(definition);
        assertThat(shown.get("concurrency").textValue()).isEqualTo("forbid");
        assertThat(shown.at("/misfire/policy").textValue()).isEqualTo("fire_all");
        assertThat(shown.get("delivery").textValue()).isEqualTo("at_most_once");
        assertThat(Json.write(shown.at("/retry/retry_on")))
                .isEqualTo("[\"429\",\"5xx\",\"network\"]");
        assertThat(definition.policies().timeout()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void tags_come_as_an_object_or_as_an_array() {
        var labels = sent("{\"name\":\"n\",\"action\":{\"nothing\":{}},\"tags\":[\"b\",\"a\"]}");
        assertThat(labels.tags()).containsOnlyKeys("a", "b");
        assertThat(Json.write(TaskJson.shown(labels).get("tags"))).isEqualTo("[\"b\",\"a\"]");
    }

    @Test
    void a_patch_replaces_fields_and_keeps_the_rest_with_its_secrets() {
        var before = sent(http("'url':'http://h/','secret':'hush'"));
        var patched = TaskJson.patched(before, Json.readObject("{\"name\":\"new\"}"));
        var after = read(Json.write(patched), SENT.replacing(before)).orElseThrow();
        assertThat(after.name()).isEqualTo("new");
        assertThat(call(after).secret()).contains("hush");
    }

    @Test
    void fields_alongside_are_left_to_others() {
        var text = "{\"name\":\"n\",\"action\":{\"nothing\":{}},\"paused\":true}";
        assertThat(read(text, SENT)).isEmpty();
        assertThat(read(text, SENT.alongside(Set.of("paused")))).isPresent();
    }

    @Test
    void masked_secrets_stay_while_the_server_stays() {
        var before =
                sent(
                        http(
                                "'url':'https://u:pw@h.example/a','headers':{'X-Token':'t'},"
                                        + "'auth':{'type':'bearer','token':'b'},'secret':'s'"));
        var same =
                "'url':'https://***@H.example:443/other','headers':{'x-token':'***'},"
                        + "'auth':{'type':'bearer','token':'***'},'secret':'***'";
        var after = call(read(http(same), SENT.replacing(before)).orElseThrow());
        assertThat(after.url()).hasToString("https://u:pw@H.example:443/other");
        assertThat(after.headers()).containsEntry("x-token", "t");
        assertThat(after.auth()).contains(new HttpAuth.Bearer("b"));
        assertThat(after.secret()).contains("s");

        for (var server :
                List.of(
                        "http://***@h.example",
                        "https://***@evil.example",
                        "https://***@h.example:444")) {
            var problems = new Problems();
            var moved = http(same.replace("https://***@H.example:443", server));
            assertThat(TaskJson.read(Json.read(moved), SENT.replacing(before), problems)).isEmpty();
            assertThat(problems.list())
                    .extracting(Problem::field)
                    .containsExactlyInAnyOrder(
                            "action.http.url",
                            "action.http.headers.x-token",
                            "action.http.auth.token",
                            "action.http.secret");
            assertThat(problems.list())
                    .extracting(Problem::message)
                    .containsOnly("send the secret again: the host changes");
        }
    }

    @Test
    void a_secret_of_another_kind_is_not_what_the_mask_stands_for() {
        var before = sent(http("'url':'http://h/','auth':{'type':'bearer','token':'b'}"));
        var problems = new Problems();
        var other = http("'url':'http://h/','auth':{'type':'api_key','api_key':'***'}");
        assertThat(TaskJson.read(Json.read(other), SENT.replacing(before), problems)).isEmpty();
        assertThat(problems.list())
                .containsExactly(
                        new Problem(
                                "action.http.auth.api_key",
                                "there is no stored secret that '***' could stand for"));
    }

    @Test
    void a_stored_text_that_is_damaged_names_its_task() {
        assertThatThrownBy(() -> TaskJson.codec().read(ID, "{\"name\":\"n\"}"))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("task 77")
                .hasMessageContaining("action: is required");
    }

    private static TaskDefinition sent(String text) {
        return read(text, SENT).orElseThrow();
    }

    private static Optional<TaskDefinition> read(String text, ReadContext context) {
        return TaskJson.read(Json.read(text), context, new Problems());
    }

    private static String http(String fields) {
        return "{'name':'n','action':{'http':{%s}}}".formatted(fields).replace('\'', '"');
    }

    private static String scheduled(String schedule) {
        return "{'name':'n','action':{'nothing':{}},'schedule':%s}"
                .formatted(schedule)
                .replace('\'', '"');
    }

    private static HttpCall call(TaskDefinition definition) {
        return (HttpCall) definition.action();
    }

    private static List<String> headerNames(TaskDefinition definition) {
        return definition.action() instanceof HttpCall call
                ? List.copyOf(call.headers().keySet())
                : List.of();
    }

    private static JsonNode shownHttp(TaskDefinition definition) {
        return TaskJson.shown(definition).at("/action/http");
    }

    private static carillon.schedule.Schedule schedule(TaskDefinition definition) {
        return definition.timetable().map(Timetable::schedule).orElseThrow();
    }

    private static Instant anchor(TaskDefinition definition) {
        return ((Every) schedule(definition)).anchor();
    }
}
