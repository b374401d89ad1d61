package carillon.perform;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.action.Conversation;
import carillon.action.Conversation.Message;
import carillon.action.Conversation.Role;
import carillon.action.PromptCall;
import carillon.action.Question;
import carillon.action.Tuning;
import carillon.ai.AdministratorModels;
import carillon.ai.AdministratorModels.Grant;
import carillon.ai.Endpoint;
import carillon.ai.Provider;
import carillon.budget.Cashier;
import carillon.egress.AllowList;
import carillon.egress.Egress;
import carillon.egress.EgressSettings;
import carillon.egress.RawServer;
import carillon.perform.ChatServer.Told;
import carillon.run.ModelAnswer;
import carillon.run.ModelUse;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.task.RetryOn;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class PromptPerformerTest {
    private static final String KEY = "sk-very-secret-1234567890";
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String ANSWER =
            """
            {"id":"c1","object":"chat.completion","created":1,"model":"gpt-x",
             "choices":[{"index":0,"finish_reason":"stop",
               "message":{"role":"assistant","content":"Bonjour \u00e0 tous"}}],
             "usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}}
            """;

    private final EgressSettings closed =
            new EgressSettings(AllowList.EMPTY, Set.of(), 100, "Carillon/test");
    private final Egress egress = Egress.open(closed);
    private final Egress administrators = Egress.open(closed.allowingHosts(List.of("127.0.0.1")));

    @AfterEach
    void close() {
        egress.close();
        administrators.close();
    }

    @Test
    void echo_answers_without_any_network_and_says_so() throws Exception {
        var call = PromptCall.of("echo", "Guten Tag");
        var outcome = PromptPerformer.echoing(InstantSource.system()).perform(call, lease(call));
        var text = "echo, no model was called: Guten Tag";
        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        assertThat(outcome.output())
                .isEqualTo(new Output(OptionalInt.empty(), "text/plain", text, false));
        var answer = outcome.asked().answer().orElseThrow();
        assertThat(answer.text()).isEqualTo(text);
        assertThat(answer.state()).isEqualTo(ModelAnswer.State.WHOLE);
        assertThat(answer.source())
                .isEqualTo(new ModelAnswer.Source("echo", "echo", Optional.empty()));
        assertThat(answer.spending().costNanodollars()).hasValue(0);
        assertThat(outcome.asked().uses())
                .containsExactly(new ModelUse("echo", 1, 0, answer.spending()));
    }

    @Test
    void a_question_is_put_in_the_form_of_openai() throws Exception {
        try (var server = new ChatServer(Told.ok(ANSWER))) {
            var outcome = ask(Provider.OPENAI, server.url(), LONG);
            assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
            assertThat(outcome.output().body()).isEqualTo("Bonjour \u00e0 tous");
            assertThat(outcome.output().contentType()).isEqualTo("text/plain");
            var asked = server.next();
            assertThat(asked.path()).isEqualTo("/v1/chat/completions");
            assertThat(asked.header("Authorization")).isEqualTo("Bearer " + KEY);
            assertThat(asked.header("User-Agent")).isEqualTo("Carillon/test");
            assertThat(asked.body().path("model").asText()).isEqualTo("gpt-x");
            assertThat(asked.body().at("/messages/0/role").asText()).isEqualTo("user");
            assertThat(asked.body().at("/messages/0/content").asText()).isEqualTo("Say hello");
            assertThat(server.count()).isZero();
        }
    }

    @Test
    void a_conversation_keeps_its_roles_and_says_how_it_is_tuned() throws Exception {
        var conversation =
                new Conversation(
                        List.of(
                                new Message(Role.SYSTEM, "Be brief"),
                                new Message(Role.USER, "Hello"),
                                new Message(Role.ASSISTANT, "Good day"),
                                new Message(Role.USER, "And now?")));
        var tuning = new Tuning(OptionalDouble.of(0.5), OptionalDouble.empty(), OptionalInt.of(77));
        var call =
                new PromptCall(
                        "gpt-x", new Question.Messages(conversation), Optional.empty(), tuning);
        try (var server = new ChatServer(Told.ok(ANSWER))) {
            var outcome = ask(Provider.OPENAI, openAt(server.url()), LONG, call);
            assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
            var asked = server.next().body();
            assertThat(asked.path("messages").findValuesAsText("role"))
                    .containsExactly("system", "user", "assistant", "user");
            assertThat(asked.path("messages").findValuesAsText("content"))
                    .containsExactly("Be brief", "Hello", "Good day", "And now?");
            assertThat(asked.path("temperature").asDouble()).isEqualTo(0.5);
            assertThat(asked.toString()).contains(":77");
        }
    }

    @Test
    void a_question_is_put_in_the_form_of_anthropic() throws Exception {
        var answer =
                """
                {"id":"m","type":"message","role":"assistant","model":"gpt-x",
                 "content":[{"type":"text","text":"Salve"}],"stop_reason":"end_turn",
                 "usage":{"input_tokens":3,"output_tokens":2}}
                """;
        try (var server = new ChatServer(Told.ok(answer))) {
            var outcome = ask(Provider.ANTHROPIC, server.url(), LONG);
            assertThat(outcome.output().body()).as("%s", outcome).isEqualTo("Salve");
            var asked = server.next();
            assertThat(asked.path()).isEqualTo("/v1/messages");
            assertThat(asked.header("x-api-key")).isEqualTo(KEY);
            assertThat(asked.body().path("model").asText()).isEqualTo("gpt-x");
            assertThat(asked.body().path("max_tokens").asInt()).isPositive();
            assertThat(asked.body().toString()).contains("Say hello");
        }
    }

    @Test
    void a_question_is_put_in_the_form_of_gemini() throws Exception {
        var answer =
                """
                {"candidates":[{"content":{"role":"model","parts":[{"text":"Ciao"}]},
                 "finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,
                 "candidatesTokenCount":2,"totalTokenCount":5}}
                """;
        try (var server = new ChatServer(Told.ok(answer))) {
            var outcome = ask(Provider.GEMINI, server.url(), LONG);
            assertThat(outcome.output().body()).as("%s", outcome).isEqualTo("Ciao");
            var asked = server.next();
            assertThat(asked.path()).isEqualTo("/v1/models/gpt-x:streamGenerateContent?alt=sse");
            assertThat(asked.header("x-goog-api-key")).isEqualTo(KEY);
            assertThat(asked.body().at("/contents/0/parts/0/text").asText()).isEqualTo("Say hello");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ECHO")
    void a_refused_key_is_told_without_the_key(Provider provider) throws Exception {
        var body = "{\"error\":{\"message\":\"Incorrect API key provided: sk-very-se***7890\"}}";
        try (var server = new ChatServer(new Told(401, Map.of(), body))) {
            var failed = fail(provider, server.url(), LONG);
            assertThat(failed.reason())
                    .isEqualTo("answered 401 Unauthorized: the key was not accepted");
            assertThat(failed.kinds()).isEqualTo(RetryOn.forStatus(401));
            assertThat(failed.output().statusCode()).hasValue(401);
            assertThat(failed.toString()).doesNotContain("sk-");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ECHO")
    void a_rate_limit_is_retried_when_the_provider_says(Provider provider) throws Exception {
        var body = "{\"error\":{\"message\":\"Slow down, " + KEY + "\"}}";
        try (var server = new ChatServer(new Told(429, Map.of("Retry-After", "7"), body))) {
            var failed = fail(provider, server.url(), LONG);
            assertThat(failed.kinds()).isEqualTo(RetryOn.forStatus(429));
            assertThat(failed.retryAfter()).hasValue(Duration.ofSeconds(7));
            assertThat(failed.reason()).isEqualTo("answered 429 Too Many Requests: Slow down, ***");
            server.next();
            assertThat(server.count()).isZero(); // The client did not repeat it by itself.
        }
    }

    @Test
    void the_exact_wait_wins_and_an_account_that_is_used_up_is_not_retried() throws Exception {
        var headers = Map.of("Retry-After", "7", "retry-after-ms", "1500");
        var body = "{\"error\":{\"message\":\"none left\",\"code\":\"insufficient_quota\"}}";
        try (var server = new ChatServer(new Told(429, headers, body))) {
            var failed = fail(Provider.OPENAI, server.url(), LONG);
            assertThat(failed.retryAfter()).hasValue(Duration.ofMillis(1500));
            assertThat(failed.kinds()).containsExactly(RetryOn.OTHER);
        }
    }

    @ParameterizedTest
    @CsvSource({"500, 5xx", "503, 5xx", "404, 4xx", "302, 3xx"})
    void another_status_is_a_failure_of_its_kind(int status, String kind) throws Exception {
        try (var server = new ChatServer(new Told(status, Map.of(), "<html>oops</html>"))) {
            var failed = fail(Provider.OPENAI, server.url(), LONG);
            assertThat(failed.reason()).startsWith("answered " + status + " ").doesNotContain("<");
            assertThat(failed.kinds()).contains(new RetryOn(kind));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"choices\":[{\"mess", "hello", "", "{}", "[]", "{\"choices\":[]}"})
    void an_answer_that_is_none_is_a_failure(String body) throws Exception {
        try (var server = new ChatServer(Told.ok(body))) {
            var failed = fail(Provider.OPENAI, server.url(), LONG);
            assertThat(failed.reason()).isEqualTo("the answer is not in the provider's form");
            assertThat(failed.kinds()).containsExactly(RetryOn.OTHER);
        }
    }

    @Test
    void an_answer_without_a_text_is_a_failure() throws Exception {
        var body = ANSWER.replace("\"Bonjour \u00e0 tous\"", "null");
        try (var server = new ChatServer(Told.ok(body))) {
            assertThat(fail(Provider.OPENAI, server.url(), LONG).reason())
                    .isEqualTo("the model answered without a text");
        }
    }

    @Test
    void an_answer_that_never_ends_is_cut() throws Exception {
        try (var server = new ChatServer(Told.ok("\"" + "x".repeat(Egress.MAX_READ) + "\""))) {
            assertThat(fail(Provider.OPENAI, server.url(), LONG).reason())
                    .isEqualTo("the answer is longer than 1 MiB");
        }
    }

    @Test
    void a_slow_provider_is_waited_for_as_long_as_the_task_says() throws Exception {
        try (var server = new RawServer(_ -> new CountDownLatch(1).await())) {
            var failed = fail(Provider.OPENAI, server.url(), Duration.ofMillis(300));
            assertThat(failed.kinds()).containsExactly(RetryOn.TIMEOUT);
            assertThat(failed.reason()).startsWith("no answer within");
        }
    }

    @Test
    void a_connection_that_is_cut_is_a_network_failure() throws Exception {
        try (var server =
                new RawServer(
                        connection -> {
                            RawServer.readHead(connection);
                            RawServer.write(
                                    connection.getOutputStream(),
                                    "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"choi");
                        })) {
            assertThat(fail(Provider.OPENAI, server.url(), LONG).kinds())
                    .containsExactly(RetryOn.NETWORK);
        }
    }

    @Test
    void an_interrupt_ends_the_question() throws Exception {
        var reached = new CountDownLatch(1);
        try (var server =
                new RawServer(
                        _ -> {
                            reached.countDown();
                            new CountDownLatch(1).await();
                        })) {
            var interrupted = new CountDownLatch(1);
            var asking =
                    Thread.startVirtualThread(
                            () -> {
                                try {
                                    ask(Provider.OPENAI, server.url(), LONG);
                                } catch (InterruptedException _) {
                                    interrupted.countDown();
                                }
                            });
            reached.await();
            asking.interrupt();
            interrupted.await();
        }
    }

    @Test
    void only_the_administrators_addresses_may_be_on_loopback() throws Exception {
        try (var server = new ChatServer(Told.ok(ANSWER))) {
            var endpoint = new Endpoint(server.url(), Optional.of(KEY), Endpoint.Source.CALLER);
            var failed = (Outcome.Failed) ask(Provider.OPENAI, endpoint, LONG);
            assertThat(failed.reason()).contains("egress.allow");
            assertThat(server.count()).isZero();
        }
    }

    @Test
    void a_model_that_nobody_knows_is_told_by_its_name() throws Exception {
        var call = PromptCall.of("nobody", "x");
        var failed =
                (Outcome.Failed)
                        PromptPerformer.echoing(InstantSource.system()).perform(call, lease(call));
        assertThat(failed.reason()).isEqualTo("there is no model 'nobody'");
    }

    private static carillon.run.Lease lease(PromptCall call) {
        return Leases.of(call, 1, LONG, "native");
    }

    private Outcome.Failed fail(Provider provider, URI url, Duration timeout)
            throws InterruptedException {
        var outcome = ask(provider, url, timeout);
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        assertThat(outcome.toString()).doesNotContain(KEY);
        return (Outcome.Failed) outcome;
    }

    private Outcome ask(Provider provider, URI url, Duration timeout) throws InterruptedException {
        return ask(provider, openAt(url), timeout);
    }

    private static Endpoint openAt(URI url) {
        return new Endpoint(url, Optional.of(KEY), Endpoint.Source.ADMINISTRATOR);
    }

    private Outcome ask(Provider provider, Endpoint endpoint, Duration timeout)
            throws InterruptedException {
        return ask(provider, endpoint, timeout, PromptCall.of("gpt-x", "Say hello"));
    }

    private Outcome ask(Provider provider, Endpoint endpoint, Duration timeout, PromptCall call)
            throws InterruptedException {
        var granted = new AdministratorModels(List.of(new Grant(provider, "", endpoint)));
        var time = InstantSource.system();
        var chat = MeteredChat.unmetered(new ChatClients(new Ways(egress, administrators), time));
        return new PromptPerformer(Questions.LITERAL, granted, chat, Cashier.UNLIMITED, time)
                .perform(call, Leases.of(call, 1, timeout, "native"));
    }
}
