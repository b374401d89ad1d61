package carillon.json;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.task.TaskId;
import java.time.Instant;
import java.time.ZoneId;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Which input is answered with which problem.
final class TaskJsonProblemsTest {
    private static final ReadContext SENT =
            ReadContext.sent(
                    new TaskId(1), Instant.parse("2026-03-01T12:00:00Z"), ZoneId.of("UTC"));

    private static final String NO_URL = "must be an absolute http or https URL";

    static Stream<Arguments> definitions() {
        return Stream.of(
                row("'naem':'x'", "naem", "unknown field; did you mean 'name'?"),
                row("'bugdet':{}", "bugdet", "unknown field; did you mean 'budget'?"),
                row("'budget':{'period':'day'}", "budget.limit", "is required, in dollars"),
                row("'budget':{'limit':-1,'period':'day'}", "budget.limit", "must be a number"),
                row(
                        "'budget':{'limit':0.0000000001,'period':'day'}",
                        "budget.limit",
                        "must have at most 9 decimals"),
                row("'budget':{'limit':1}", "budget.period", "is required: day, week or month"),
                row(
                        "'budget':{'limit':1,'period':'year'}",
                        "budget.period",
                        "must be one of day, week, month"),
                row(
                        "'budget':{'limit':1,'period':'day','timezone':'Mars'}",
                        "budget.timezone",
                        "unknown time zone 'Mars'"),
                row(
                        "'budget':{'limit':1,'period':'day','on_exhausted':'pray'}",
                        "budget.on_exhausted",
                        "must be one of skip, wait, cheaper"),
                row("'budget':{'limit':1,'period':'day','per':1}", "budget.per", "unknown field"),
                row("'description':5", "description", "must be a string"),
                row(
                        "'description':'" + "x".repeat(2001) + "'",
                        "description",
                        "must have at most 2000 characters"),
                row("'timeout':300", "timeout", "must be a duration such as"),
                row("'timeout':'-5s'", "timeout", "duration"),
                row("'timeout':'0s'", "timeout", "must be above 0 and at most 24h"),
                row("'timeout':'25h'", "timeout", "must be above 0 and at most 24h"),
                row("'jitter':'2d'", "jitter", "must be at most 24h"),
                row("'priority':11", "priority", "must be a whole number from 0 to 10"),
                row("'priority':1.5", "priority", "must be a whole number from 0 to 10"),
                row("'priority':1e99999999", "priority", "must be a whole number from 0 to 10"),
                row(
                        "'concurrency':'maybe'",
                        "concurrency",
                        "must be one of allow, forbid, replace, queue"),
                row("'delivery':1", "delivery", "must be one of at_least_once, at_most_once"),
                row("'retry':[]", "retry", "must be an object"),
                row("'retry':{'attempts':0}", "retry.attempts", "must be a whole number from 1"),
                row("'retry':{'attemps':3}", "retry.attemps", "did you mean 'attempts'?"),
                row("'retry':{'multiplier':0.5}", "retry.multiplier", "must be a number from 1 to"),
                row(
                        "'retry':{'retry_on':['6xx']}",
                        "retry.retry_on[0]",
                        "must be network, timeout"),
                row("'retry':{'retry_on':'5xx'}", "retry.retry_on", "must be an array"),
                row("'misfire':{'policy':'x'}", "misfire.policy", "skip, fire_once, fire_all"),
                row("'misfire':{'limit':1001}", "misfire.limit", "from 1 to 1000"),
                row("'dst':{'gap':'x'}", "dst.gap", "must be one of run_after, skip"),
                row("'tags':5", "tags", "must be an object of strings or an array of strings"),
                row("'tags':['']", "tags", "a tag has 1 to 200 characters"),
                row("'tags':{'a':1}", "tags.a", "must be a string"),
                row("'tags':[1]", "tags[0]", "must be a string"));
    }

    static Stream<Arguments> schedules() {
        return Stream.of(
                row("5", "", "must be an object"),
                row("{}", "", "must have exactly one of cron, every, frequency, at"),
                row("{'cron':'* * * * *','every':'1m'}", "", "must have exactly one of"),
                row("{'cron':'61 * * * *'}", ".cron", "61"),
                row("{'cron':'0 0 30 2 *'}", ".cron", "never"),
                row("{'cron':5}", ".cron", "must be a string"),
                row(
                        "{'cron':'@daily','timezone':'Europe/Berln'}",
                        ".timezone",
                        "unknown time zone 'Europe/Berln'; did you mean 'Europe/Berlin'?"),
                row(
                        "{'cron':'@daily','anchor':'2026-01-01T00:00:00Z'}",
                        ".anchor",
                        "interval only"),
                row("{'cron':'@daily','time':'09:00'}", ".time", "does not belong"),
                row("{'every':'0s'}", ".every", "must be at least 1ms, in whole milliseconds"),
                row("{'every':'1500us'}", ".every", "must be at least 1ms, in whole milliseconds"),
                row("{'every':'15'}", ".every", "a unit is missing"),
                row("{'every':'1m','timezone':'UTC'}", ".timezone", "does not belong"),
                row("{'every':'1m','anchor':'yesterday'}", ".anchor", "must be a time such as"),
                row(
                        "{'frequency':'yearly','time':'09:00'}",
                        ".frequency",
                        "daily, weekly, monthly"),
                row("{'frequency':'daily'}", ".time", "is required"),
                row("{'frequency':'daily','time':'25:00'}", ".time", "must be a time of day"),
                row("{'frequency':'daily','time':'9am'}", ".time", "must be a time of day"),
                row("{'frequency':'weekly','time':'09:00'}", ".day_of_week", "is required"),
                row(
                        "{'frequency':'weekly','time':'09:00','day_of_week':7}",
                        ".day_of_week",
                        "must be 0 (Sunday) to 6, or the name of a day"),
                row(
                        "{'frequency':'daily','time':'09:00','day_of_week':1}",
                        ".day_of_week",
                        "belongs to a weekly schedule only"),
                row("{'frequency':'monthly','time':'09:00'}", ".day_of_month", "is required"),
                row(
                        "{'frequency':'monthly','time':'09:00','day_of_month':32}",
                        ".day_of_month",
                        "must be a whole number from 1 to 31"),
                row("{'at':'+999999999-01-01T00:00:00Z'}", ".at", "must be a time such as"),
                row("{'at':'2026-01-01'}", ".at", "must be a time such as"),
                row("{'at':'2026-01-01T00:00:00Z','max_runs':0}", ".max_runs", "at least 1"),
                row(
                        "{'every':'1m','start':'2026-01-02T00:00Z','end':'2026-01-01T00:00Z'}",
                        ".end",
                        "must be after start"),
                row("{'every':'1m','exclude':['25.12.']}", ".exclude[0]", "must be a date"));
    }

    static Stream<Arguments> calls() {
        return Stream.of(
                row("'method':'GET'", "url", "is required"),
                row("'url':'ftp://h/'", "url", NO_URL),
                row("'url':'/relative'", "url", NO_URL),
                row("'url':'http:///path'", "url", NO_URL),
                row("'url':'http://h/ x'", "url", "position 10"),
                row("'url':'http://h:99999/'", "url", "must have a port from 1 to 65535"),
                row("'url':'http://h/" + "x".repeat(2048) + "'", "url", "must have at most 2048"),
                row("'url':'http://***@h/'", "url", "there is no stored secret"),
                row("'url':'http://h/','method':'TRACE'", "method", "must be one of GET, POST"),
                row(
                        "'url':'http://h/','headers':{'X-A':'b\\r\\nEvil: 1'}",
                        "headers.X-A",
                        "without line breaks"),
                row("'url':'http://h/','headers':{'X A':'b'}", "headers.X A", "is no header name"),
                row("'url':'http://h/','headers':{'':'b'}", "headers.", "is no header name"),
                row(
                        "'url':'http://h/','headers':{'Host':'b'}",
                        "headers.Host",
                        "set by the server"),
                row(
                        "'url':'http://h/','headers':{'Webhook-Id':'b'}",
                        "headers.Webhook-Id",
                        "set by the server"),
                row("'url':'http://h/','headers':{'A':'b','a':'c'}", "headers.a", "is given twice"),
                row("'url':'http://h/','headers':{'A':1}", "headers.A", "must be a string"),
                row(
                        "'url':'http://h/','headers':{'Authorization':'***'}",
                        "headers.Authorization",
                        "there is no stored secret"),
                row("'url':'http://h/','auth':{}", "auth.type", "is required"),
                row("'url':'http://h/','auth':{'type':'digest'}", "auth.type", "must be one of"),
                row("'url':'http://h/','auth':{'type':'bearer'}", "auth.token", "is required"),
                row(
                        "'url':'http://h/','auth':{'type':'bearer','token':'a\\nb'}",
                        "auth.token",
                        "without line breaks"),
                row(
                        "'url':'http://h/','auth':{'type':'bearer','token':'t','password':'p'}",
                        "auth.password",
                        "unknown field"),
                row(
                        "'url':'http://h/','auth':{'type':'api_key','api_key':'k','header':'A:'}",
                        "auth.header",
                        "is no header name"),
                row(
                        "'url':'http://h/','auth':{'type':'basic','username':'a:b'}",
                        "auth.username",
                        "must not contain a colon"),
                row("'url':'http://h/','success_codes':[99]", "success_codes[0]", "100 to 599"),
                row(
                        "'url':'http://h/','success_codes':['300-200']",
                        "success_codes[0]",
                        "100 to 599"),
                row("'url':'http://h/','success_codes':200", "success_codes", "must be an array"),
                row("'url':'http://h/','secret':'whsec_$'", "secret", "must be Base64 after"),
                row("'url':'http://h/','secret':' '", "secret", "must not be blank"),
                row("'url':'http://h/','urll':'x'", "urll", "did you mean 'url'?"));
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void each_bad_field_of_a_definition_is_named(String fields, String field, String message) {
        expect("{'name':'n','action':{'nothing':{}}," + fields + "}", field, message);
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void each_bad_field_of_a_schedule_is_named(String schedule, String field, String message) {
        expect(
                "{'name':'n','action':{'nothing':{}},'schedule':" + schedule + "}",
                "schedule" + field,
                message);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void each_bad_field_of_a_call_is_named(String http, String field, String message) {
        expect("{'name':'n','action':{'http':{" + http + "}}}", "action.http." + field, message);
    }

    @Test
    void a_schedule_without_a_rule_says_which_name_it_does_not_know() {
        var problems = new Problems();
        var text =
                "{'name':'n','action':{'nothing':{}},'schedule':{'evry':'1s','max_runs':3,"
                        + "'timezone':'UTC'}}";
        assertThat(TaskJson.read(Json.read(text.replace('\'', '"')), SENT, problems)).isEmpty();
        assertThat(problems.list())
                .extracting(Problem::toString)
                .containsExactly(
                        "schedule: must have exactly one of cron, every, frequency, at",
                        "schedule.evry: unknown field; did you mean 'every'?");
    }

    @Test
    void the_whole_and_its_required_fields_are_named() {
        expect("[]", "", "must be an object");
        expect("{'action':{'nothing':{}}}", "name", "is required");
        expect("{'name':' ','action':{'nothing':{}}}", "name", "must not be blank");
        expect(
                "{'name':'" + "x".repeat(201) + "','action':{'nothing':{}}}",
                "name",
                "must have at most 200 characters");
        expect("{'name':'n'}", "action", "is required");
        expect(
                "{'name':'n','action':{}}",
                "action",
                "must have exactly one of http, prompt, agent, tool, batch, tasks, workflow,"
                        + " nothing");
        expect("{'name':'n','action':{'nothing':{'x':1}}}", "action.nothing.x", "unknown field");
        expect("{'name':'n','action':{'nothing':{},'htpp':{}}}", "action.htpp", "'http'");
    }

    @Test
    void all_problems_are_told_at_once() {
        var problems = new Problems();
        var text =
                "{'nam':1,'schedule':{'cron':'x'},'action':{'http':{'url':'x','method':'y'}},"
                        + "'timeout':'x','retry':{'attempts':0}}";
        TaskJson.read(Json.read(text.replace('\'', '"')), SENT, problems);
        assertThat(problems.list())
                .extracting(Problem::field)
                .containsExactlyInAnyOrder(
                        "nam",
                        "name",
                        "schedule.cron",
                        "action.http.url",
                        "action.http.method",
                        "timeout",
                        "retry.attempts");
    }

    @Test
    void a_flood_of_problems_is_bounded() {
        var text = new StringBuilder("{\"a\":1");
        for (int i = 0; i < 50_000; i++) {
            text.append(",\"").append(i).append("\":1");
        }
        var problems = new Problems();
        assertThat(TaskJson.read(Json.read(text.append('}').toString()), SENT, problems)).isEmpty();
        assertThat(problems.list()).hasSize(Problems.MAX_KEPT);
    }

    private static Arguments row(String text, String field, String message) {
        return Arguments.of(text, field, message);
    }

    /// Exactly one problem is found, and it is this one.
    private static void expect(String text, String field, String message) {
        var problems = new Problems();
        assertThat(TaskJson.read(Json.read(text.replace('\'', '"')), SENT, problems)).isEmpty();
        assertThat(problems.list())
                .singleElement()
                .satisfies(
                        problem -> {
                            assertThat(problem.field()).isEqualTo(field);
                            assertThat(problem.message()).contains(message);
                        });
    }
}
