package carillon.courier;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.action.PromptCall;
import carillon.action.Question;
import carillon.ai.Spending;
import carillon.egress.AllowList;
import carillon.egress.Egress;
import carillon.egress.EgressSettings;
import carillon.json.Json;
import carillon.outbox.Backoff;
import carillon.outbox.Carried;
import carillon.outbox.Delivery;
import carillon.processor.Facts;
import carillon.processor.ProcessorSettings;
import carillon.processor.ProcessorType;
import carillon.run.ModelAnswer;
import carillon.run.Occasion;
import carillon.run.Output;
import carillon.run.Progress;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunState;
import carillon.run.Trigger;
import carillon.task.Policies;
import carillon.task.ProcessorUse;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import com.standardwebhooks.Webhook;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each sender against a target that keeps what it gets.
@Timeout(60)
final class SendersTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final String NASTY = "a \"quoted\" <!channel> & \\ back\nslash {{task}} \u0001";

    @TempDir private Path folder;
    private Egress egress;
    private Senders senders;

    @BeforeEach
    void open() {
        var allow = AllowList.of(List.of("127.0.0.1"));
        egress = Egress.open(new EgressSettings(allow, Set.of(), 10, "Carillon test"));
        senders = new Senders(egress, Optional.of(FilesRoot.of(folder)), InstantSource.system());
    }

    @AfterEach
    void close() {
        egress.close();
    }

    private static Parcel parcel(ProcessorUse use, String response, ProcessorSettings settings) {
        var delivery =
                new Delivery(
                        77,
                        Delivery.Kind.PROCESSOR,
                        new Delivery.Subject(42, 7),
                        0,
                        use.type(),
                        "there",
                        Optional.empty(),
                        new Delivery.Progress(
                                Delivery.State.PENDING,
                                1,
                                NOON,
                                "",
                                NOON,
                                Optional.of(NOON),
                                Optional.empty()));
        var type = ProcessorType.of(use.type()).orElseThrow();
        return new Parcel(delivery, type, use, facts(response), settings);
    }

    private static Facts facts(String response) {
        var definition =
                new TaskDefinition(
                        "Daily \"news\"",
                        "",
                        Optional.empty(),
                        new PromptCall(
                                "gpt-x", new Question.Text("What is new?"), Optional.empty()),
                        Policies.DEFAULT,
                        Map.of());
        var output = new Output(OptionalInt.empty(), "text/plain", response, false);
        var source = new ModelAnswer.Source("gpt-x", "gpt-x-1", Optional.empty());
        var answer =
                new ModelAnswer(
                        "not cut",
                        ModelAnswer.State.WHOLE,
                        source,
                        Spending.NONE,
                        Duration.ofSeconds(1));
        return Facts.of(definition, Runs.succeeded(), output, Optional.of(answer), ZoneOffset.UTC);
    }

    private Carried send(String type, Map<String, String> config, String template, String response)
            throws InterruptedException {
        var use =
                new ProcessorUse(
                        type, config, Optional.of(template).filter(text -> !text.isEmpty()));
        return send(use, response, ProcessorSettings.NONE);
    }

    private Carried send(ProcessorUse use, String response, ProcessorSettings settings)
            throws InterruptedException {
        var parcel = parcel(use, response, settings);
        return requireNonNull(senders.byType().get(parcel.type())).send(parcel);
    }

    @Test
    void a_webhook_gets_an_event_in_json_that_others_can_verify() throws Exception {
        try (var inbox = new Inbox()) {
            var secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
            var config = Map.of("url", inbox.url("/hook?x=1"), "secret", secret);
            assertThat(send("webhook", config, "", NASTY)).isEqualTo(new Carried.Done());

            var got = inbox.received().getFirst();
            assertThat(got.path()).isEqualTo("/hook?x=1");
            assertThat(got.headers())
                    .containsEntry("content-type", "application/json")
                    .containsEntry("webhook-id", "dlv_77")
                    .containsEntry("x-carillon-run-id", "42");
            var data = Json.read(got.body()).path("data");
            assertThat(data.path("response").asText()).isEqualTo(NASTY);
            assertThat(data.path("task").asText()).isEqualTo("Daily \"news\"");
            assertThat(data.path("model").asText()).isEqualTo("gpt-x");
            assertThat(data.path("run_id").asLong()).isEqualTo(42);
            var headers = new HashMap<String, List<String>>();
            got.headers().forEach((name, value) -> headers.put(name, List.of(value)));
            new Webhook(secret).verify(got.body(), HttpHeaders.of(headers, (_, _) -> true));
        }
    }

    @Test
    void a_webhooks_template_that_is_json_stays_json_whatever_the_output_holds() throws Exception {
        try (var inbox = new Inbox()) {
            var config = Map.of("url", inbox.url("/"));
            var template = "{\"text\": \"{{task}}: {{response}}\", \"run\": {{run_id}}}";
            assertThat(send("webhook", config, template, NASTY)).isEqualTo(new Carried.Done());
            var got = Json.read(inbox.received().getFirst().body());
            assertThat(got.path("text").asText()).isEqualTo("Daily \"news\": " + NASTY);
            assertThat(got.path("run").asInt()).isEqualTo(42);

            assertThat(send("webhook", config, "{\"run\": {{response}}}", "none"))
                    .isEqualTo(new Carried.Refused("the template made no JSON"));
            assertThat(send("webhook", config, "{{response}}!", "plain"))
                    .isEqualTo(new Carried.Done());
            var plain = inbox.received().getLast();
            assertThat(plain.body()).isEqualTo("plain!");
            assertThat(plain.headers())
                    .containsEntry("content-type", "text/plain; charset=utf-8")
                    .doesNotContainKey("webhook-signature");
        }
    }

    @Test
    void slack_gets_a_text_in_which_an_output_cannot_mention_anybody() throws Exception {
        try (var inbox = new Inbox()) {
            var config = Map.of("url", inbox.url("/services/T0/B0/x"));
            assertThat(send("slack", config, "", NASTY)).isEqualTo(new Carried.Done());
            var text = Json.read(inbox.received().getFirst().body()).path("text").asText();
            assertThat(text)
                    .startsWith("*Daily \"news\"*\n")
                    .contains("&lt;!channel&gt; &amp; \\ back");
            send("slack", config, "<!here> {{response}}", "x".repeat(60_000));
            var cut = Json.read(inbox.received().getLast().body()).path("text").asText();
            assertThat(cut).startsWith("<!here> xxx").endsWith("x…").hasSizeLessThan(40_000);
        }
    }

    @Test
    void teams_gets_a_card() throws Exception {
        try (var inbox = new Inbox()) {
            var config = Map.of("url", inbox.url("/workflows/x"));
            assertThat(send("teams", config, "", NASTY)).isEqualTo(new Carried.Done());
            var got = Json.read(inbox.received().getFirst().body());
            assertThat(got.path("type").asText()).isEqualTo("message");
            var attachment = got.at("/attachments/0");
            assertThat(attachment.path("contentType").asText())
                    .isEqualTo("application/vnd.microsoft.card.adaptive");
            assertThat(attachment.at("/content/body/0/text").asText())
                    .isEqualTo("**Daily \"news\"**\n\n" + NASTY);
        }
    }

    @Test
    void github_gets_an_issue_or_a_comment() throws Exception {
        try (var inbox = new Inbox(201, 201)) {
            var settings =
                    new ProcessorSettings(
                            Map.of("token", "ghp_canary", "base_url", inbox.url("/api/")),
                            Optional.empty(),
                            Backoff.DEFAULT);
            var issue = Map.of("repository", "acme/site", "title", "{{task}}\n{{response}}");
            assertThat(send(use("github", issue), NASTY, settings)).isEqualTo(new Carried.Done());
            var comment = Map.of("repository", "acme/site", "issue", "12");
            assertThat(send(use("github", comment), "fine", settings))
                    .isEqualTo(new Carried.Done());

            var opened = inbox.received().getFirst();
            assertThat(opened.path()).isEqualTo("/api/repos/acme/site/issues");
            assertThat(opened.headers()).containsEntry("authorization", "Bearer ghp_canary");
            var body = Json.read(opened.body());
            assertThat(body.path("title").asText())
                    .startsWith("Daily \"news\" a \"quoted\"")
                    .doesNotContain("\n");
            assertThat(body.path("body").asText()).startsWith(NASTY).contains("run 42");
            var commented = inbox.received().getLast();
            assertThat(commented.path()).isEqualTo("/api/repos/acme/site/issues/12/comments");
            assertThat(Json.read(commented.body()).has("title")).isFalse();
        }
        assertThat(send(use("github", Map.of("repository", "a/b")), "x", ProcessorSettings.NONE))
                .isInstanceOf(Carried.Failed.class);
    }

    private static ProcessorUse use(String type, Map<String, String> config) {
        return new ProcessorUse(type, config, Optional.empty());
    }

    @Test
    void a_file_is_named_and_written_by_its_templates() throws Exception {
        var config = Map.of("path", "{{date}}/{{task}}-{{run_id}}.md");
        assertThat(send("file", config, "# {{task}}\n{{response}}", NASTY))
                .isEqualTo(new Carried.Done());
        assertThat(folder.resolve("2026-03-01/Daily _news_-42.md"))
                .hasContent("# Daily \"news\"\n" + NASTY);

        var append = Map.of("path", "all.txt", "mode", "append");
        send("file", append, "", "one");
        send("file", append, "", "two");
        assertThat(folder.resolve("all.txt")).hasContent("one\ntwo\n");
        send("file", Map.of("path", "all.txt"), "", "three");
        assertThat(folder.resolve("all.txt")).hasContent("three\n");
    }

    @Test
    void an_output_in_a_path_leads_nowhere_else() throws Exception {
        var config = Map.of("path", "{{response}}");
        assertThat(send("file", config, "x", "../../outside")).isEqualTo(new Carried.Done());
        try (var all = Files.list(folder)) {
            assertThat(all).hasSize(1);
        }
        assertThat(send("file", config, "x", "")).isInstanceOf(Carried.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 503})
    void these_answers_are_worth_another_try(int status) throws Exception {
        try (var inbox = new Inbox(Map.of("Retry-After", "17"), status)) {
            var carried = send("webhook", Map.of("url", inbox.url("/")), "", "x");
            assertThat(carried)
                    .isInstanceOfSatisfying(
                            Carried.Failed.class,
                            failed -> {
                                assertThat(failed.reason()).startsWith("answered " + status);
                                assertThat(failed.asked()).contains(Duration.ofSeconds(17));
                            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 403, 404, 410, 422})
    void these_answers_are_final(int status) throws Exception {
        try (var inbox = new Inbox(status)) {
            assertThat(send("slack", Map.of("url", inbox.url("/secret")), "", "x"))
                    .isInstanceOfSatisfying(
                            Carried.Refused.class,
                            refused ->
                                    assertThat(refused.reason())
                                            .startsWith("answered " + status)
                                            .doesNotContain("secret"));
        }
    }

    @Test
    void an_address_that_is_not_allowed_is_final_and_one_that_nobody_answers_is_not()
            throws Exception {
        assertThat(send("slack", Map.of("url", "http://169.254.169.254/x"), "", "x"))
                .isInstanceOf(Carried.Refused.class);
        try (var closed = new Socket()) {
            // Held, and nobody listens.
            closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var url = "http://127.0.0.1:" + closed.getLocalPort() + "/";
            assertThat(send("slack", Map.of("url", url), "", "x"))
                    .isInstanceOf(Carried.Failed.class);
        }
    }

    @Test
    void the_log_gets_one_line() throws Exception {
        assertThat(send("console", Map.of(), "", NASTY)).isEqualTo(new Carried.Done());
    }

    /// Run 42 of task 7.
    private static final class Runs {
        private static Run succeeded() {
            var occasion =
                    new Occasion(Trigger.SCHEDULE, Optional.of(NOON), NOON, 5, Optional.empty());
            var times =
                    new Progress.Times(
                            Optional.of(NOON), Optional.of(NOON), Optional.of(NOON.plusSeconds(2)));
            var progress =
                    new Progress(RunState.SUCCEEDED, "", 1, 1, 0, 0, Optional.empty(), times);
            return new Run(
                    new RunId(42), new TaskId(7), 1, occasion, progress, 1, Optional.empty());
        }
    }
}
