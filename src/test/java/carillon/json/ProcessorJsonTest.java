package carillon.json;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.task.Notify;
import carillon.task.ProcessorUse;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProcessorJsonTest {
    private static final ReadContext SENT =
            ReadContext.sent(new TaskId(7), Instant.EPOCH, ZoneOffset.UTC);

    private static String task(String processors) {
        return "{'name':'n','action':{'nothing':{}},'processors':[%s]}"
                .formatted(processors)
                .replace('\'', '"');
    }

    private static Optional<TaskDefinition> read(
            String text, ReadContext context, Problems problems) {
        return TaskJson.read(Json.read(text), context, problems);
    }

    private static TaskDefinition sent(String processors) {
        var problems = new Problems();
        var read = read(task(processors), SENT, problems);
        assertThat(problems.list()).isEmpty();
        return read.orElseThrow();
    }

    private static List<Problem> problems(String processors, ReadContext context) {
        var problems = new Problems();
        assertThat(read(task(processors), context, problems)).isEmpty();
        return problems.list();
    }

    @Test
    void without_any_there_is_none_and_every_success_would_be_told() {
        var processing = sent("").processing();
        assertThat(processing.processors()).isEmpty();
        assertThat(processing.when()).isEqualTo(Notify.ALWAYS);
    }

    @Test
    void every_type_is_read_shown_and_stored() {
        var definition =
                sent(
                        """
                        {'type':'console'},
                        {'type':'file','config':{'path':'a/{{date}}.txt','mode':'append'}},
                        {'type':'WEBHOOK','config':{'url':'https://h.example/x?t=1',
                          'secret':'hush'},'template':'{{response}}!'},
                        {'type':'slack','config':{'url':'https://hooks.slack.com/services/canary'}},
                        {'type':'teams','config':{'url':'https://t.example:8443/x?s=canary'}},
                        {'type':'email','config':{'to':'a@b.example, c@d.example',
                          'subject':'{{task}}'}},
                        {'type':'github','config':{'repository':'acme/site','issue':12}}
                        """);
        assertThat(definition.processing().processors())
                .extracting(ProcessorUse::type)
                .containsExactly("console", "file", "webhook", "slack", "teams", "email", "github");
        assertThat(definition.processing().processors().getLast().config())
                .isEqualTo(Map.of("repository", "acme/site", "issue", "12"));

        var shown = TaskJson.shown(definition);
        assertThat(Json.write(shown)).doesNotContain("canary").doesNotContain("hush");
        assertThat(shown.at("/processors/3/config/url").asText())
                .isEqualTo("https://hooks.slack.com/***");
        assertThat(shown.at("/processors/4/config/url").asText())
                .isEqualTo("https://t.example:8443/***");
        assertThat(shown.at("/processors/6/config/issue").asInt()).isEqualTo(12);
        assertThat(shown.path("notify").asText()).isEqualTo("always");

        var back = new Problems();
        assertThat(read(Json.write(shown), SENT.replacing(definition), back)).contains(definition);
        var stored = TaskJson.codec().write(new TaskId(7), definition);
        assertThat(stored).contains("canary").contains("hush");
        assertThat(TaskJson.codec().read(new TaskId(7), stored)).isEqualTo(definition);
    }

    @Test
    void notify_says_when() {
        var text = task("").replace("\"processors\"", "\"notify\":\"ON_CHANGE\",\"processors\"");
        assertThat(read(text, SENT, new Problems()).orElseThrow().processing().when())
                .isEqualTo(Notify.ON_CHANGE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | type | is required",
                "{'type':'fax'} | type | must be one of console, file",
                "{'type':'console','config':{'x':'y'}} | config.x | unknown field",
                "{'type':'console','x':1} | x | unknown field",
                "{'type':'file'} | config.path | is required",
                "{'type':'file','config':{'path':'../x'}} | config.path | without",
                "{'type':'file','config':{'path':'/etc/x'}} | config.path | without",
                "{'type':'file','config':{'path':'{{nope}}'}} | config.path | no variable",
                "{'type':'file','config':{'path':'a','mode':'w'}} | config.mode | replace",
                "{'type':'webhook','config':{}} | config.url | is required",
                "{'type':'webhook','config':{'url':'file:///x'}} | config.url | http",
                "{'type':'webhook','config':{'url':'http://u:p@h/'}} | config.url | no user",
                "{'type':'slack','config':{'url':'https://h/***'}} | config.url | no stored",
                "{'type':'email','config':{'to':'a'}} | config.to | mail addresses",
                "{'type':'email','config':{'to':'a@b.example,'}} | config.to | mail",
                "{'type':'github','config':{'repository':'x'}} | config.repository | owner",
                "{'type':'github','config':{'repository':'a/..'}} | config.repository | owner",
                "{'type':'console','template':'{{#x}}{{/x}}'} | template | no logic",
                "{'type':'console','template':'{{answer}}'} | template | no variable 'answer'",
                "{'type':'console','template':5} | template | must be a string",
                "5 | | must be an object"
            })
    void what_is_wrong_is_told_with_its_field(
            String processor, @Nullable String field, String message) {
        var problems = problems(processor, SENT);
        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst().field())
                .isEqualTo(field == null ? "processors[0]" : "processors[0]." + field);
        assertThat(problems.getFirst().message()).contains(message);
    }

    @Test
    void a_mail_with_a_line_break_in_its_subject_is_refused() {
        var problems =
                problems("{'type':'email','config':{'to':'a@b.example','subject':'x\\ny'}}", SENT);
        assertThat(problems)
                .containsExactly(new Problem("processors[0].config.subject", "must be one line"));
    }

    @Test
    void a_webhooks_template_that_looks_like_json_must_make_json() {
        var use = "{'type':'webhook','config':{'url':'http://h/'},'template':'[{{task}},]'}";
        assertThat(problems(use, SENT))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).startsWith("makes no JSON"));
    }

    @Test
    void there_are_at_most_ten() {
        var eleven = String.join(",", java.util.Collections.nCopies(11, "{'type':'console'}"));
        assertThat(problems(eleven, SENT))
                .containsExactly(new Problem("processors", "must have at most 10 items"));
    }

    private static String slack(String url) {
        return "{'type':'slack','config':{'url':'%s'}}".formatted(url);
    }

    private static List<String> urls(String processors, TaskDefinition before) {
        return read(task(processors), SENT.replacing(before), new Problems())
                .orElseThrow()
                .processing()
                .processors()
                .stream()
                .map(use -> use.config().get("url"))
                .toList();
    }

    @Test
    void a_masked_url_stands_for_the_stored_one_of_the_same_host() {
        var before = sent(slack("https://a.example/1") + "," + slack("https://b.example/2"));
        var swapped = slack("https://b.example/***") + "," + slack("https://a.example/***");
        assertThat(urls(swapped, before))
                .containsExactly("https://b.example/2", "https://a.example/1");
        assertThat(problems(slack("https://c.example/***"), SENT.replacing(before)))
                .containsExactly(
                        new Problem(
                                "processors[0].config.url",
                                "send the secret again: the host changes"));
        assertThat(problems(slack("https://b.example:444/***"), SENT.replacing(before))).hasSize(1);
    }

    @Test
    void of_several_on_one_host_a_mask_never_stands_for_another() {
        var before = sent(slack("https://a.example/1") + "," + slack("https://a.example/2"));
        var both = slack("https://a.example/***") + "," + slack("https://a.example/***");
        assertThat(urls(both, before))
                .containsExactly("https://a.example/1", "https://a.example/2");
        assertThat(problems(slack("https://a.example/***"), SENT.replacing(before)))
                .containsExactly(
                        new Problem(
                                "processors[0].config.url",
                                "send the secret again: '***' could stand for several"));
    }

    @Test
    void a_masked_signing_secret_stays_with_its_server() {
        var webhook = "{'type':'webhook','config':{'url':'%s','secret':'%s'}}";
        var before = sent(webhook.formatted("https://a.example/x", "hush"));
        var moved = webhook.formatted("https://a.example/y", "***");
        var after = read(task(moved), SENT.replacing(before), new Problems()).orElseThrow();
        assertThat(after.processing().processors().getFirst().config())
                .containsEntry("secret", "hush");
        var away = webhook.formatted("https://evil.example/x", "***");
        assertThat(problems(away, SENT.replacing(before)))
                .containsExactly(
                        new Problem(
                                "processors[0].config.secret",
                                "send the secret again: the host changes"));
    }
}
