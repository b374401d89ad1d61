package carillon.perform;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.action.PromptCall;
import carillon.action.Question;
import carillon.ai.AdministratorModels;
import carillon.ai.AdministratorModels.Grant;
import carillon.ai.Endpoint;
import carillon.ai.Provider;
import carillon.ai.Tokens;
import carillon.budget.Cashier;
import carillon.egress.AllowList;
import carillon.egress.Egress;
import carillon.egress.EgressSettings;
import carillon.json.Json;
import carillon.perform.ChatServer.Told;
import carillon.run.ModelAnswer;
import carillon.run.Outcome;
import carillon.task.RetryOn;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An answer that must be JSON of a certain form is put right once, or refused.
@Timeout(30)
final class OutputContractTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String SCHEMA =
            "{\"type\":\"object\",\"required\":[\"score\"],"
                    + "\"properties\":{\"score\":{\"type\":\"integer\"}}}";

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
    void an_answer_that_fits_is_taken_without_its_fence() throws Exception {
        try (var server = telling("```json\n{\"score\":3}\n```")) {
            var outcome = ask(server);

            assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
            assertThat(outcome.output().body()).isEqualTo("{\"score\":3}");
            assertThat(outcome.output().contentType()).isEqualTo("application/json");
            var answer = outcome.asked().answer().orElseThrow();
            assertThat(answer.text()).isEqualTo("```json\n{\"score\":3}\n```");
            assertThat(answer.state()).isEqualTo(ModelAnswer.State.WHOLE);
            var asked = server.next().body().at("/messages/0/content").asText();
            assertThat(asked).startsWith("How good?\n").endsWith(SCHEMA);
            assertThat(server.count()).isZero();
        }
    }

    @Test
    void an_answer_that_does_not_fit_is_put_right_once_and_both_calls_count() throws Exception {
        try (var server = telling("{\"score\":\"three\"}", "{\"score\":3}")) {
            var outcome = ask(server);

            assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
            assertThat(outcome.output().body()).isEqualTo("{\"score\":3}");
            var answer = outcome.asked().answer().orElseThrow();
            assertThat(answer.spending().tokens()).hasValue(new Tokens(24, 10));
            assertThat(outcome.asked().uses()).hasSize(2);
            server.next();
            assertThat(server.next().body().at("/messages/0/content").asText())
                    .startsWith("How good?\n")
                    .contains("{\"score\":\"three\"}")
                    .contains("- $.score: string found, integer expected");
            assertThat(server.count()).isZero();
        }
    }

    @Test
    void an_answer_that_is_wrong_twice_fails_in_words_and_is_kept() throws Exception {
        try (var server = telling("Three!", "{\"score\":true}", "{\"score\":3}")) {
            var failed = (Outcome.Failed) ask(server);

            assertThat(failed.reason())
                    .isEqualTo(
                            "the answer does not fit the schema:"
                                    + " $.score: boolean found, integer expected");
            assertThat(failed.kinds()).containsExactly(RetryOn.OTHER);
            assertThat(failed.output().body()).isEqualTo("{\"score\":true}");
            var answer = failed.asked().answer().orElseThrow();
            assertThat(answer.state()).isEqualTo(ModelAnswer.State.REJECTED);
            assertThat(answer.text()).isEqualTo("{\"score\":true}");
            assertThat(answer.spending().tokens()).hasValue(new Tokens(24, 10));
            assertThat(server.count()).isEqualTo(2);
        }
    }

    @Test
    void when_the_repair_fails_the_first_answer_is_kept() throws Exception {
        try (var server = telling("Three!")) {
            var failed = (Outcome.Failed) ask(server);

            assertThat(failed.reason())
                    .startsWith("the answer does not fit the schema: it is not JSON");
            assertThat(failed.output().body()).isEqualTo("Three!");
            assertThat(failed.asked().uses().getLast().failures()).isEqualTo(1);
        }
    }

    /// A provider that gives these answers in turn, and then fails.
    private static ChatServer telling(String... answers) throws Exception {
        Queue<String> left = new ArrayDeque<>(List.of(answers));
        return new ChatServer(
                _ ->
                        left.isEmpty()
                                ? new Told(500, Map.of(), "{}")
                                : Told.ok(answer(left.remove())));
    }

    private static String answer(String text) {
        var answer =
                Json.readObject(
                        """
                        {"choices":[{"index":0,"finish_reason":"stop",
                            "message":{"role":"assistant"}}],
                         "usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}}
                        """);
        answer.withObject("/choices/0/message").put("content", text);
        return Json.write(answer);
    }

    private Outcome ask(ChatServer server) throws InterruptedException {
        var endpoint = new Endpoint(server.url(), Optional.empty(), Endpoint.Source.ADMINISTRATOR);
        var granted = new AdministratorModels(List.of(new Grant(Provider.OPENAI, "", endpoint)));
        var time = InstantSource.system();
        var chat = MeteredChat.unmetered(new ChatClients(new Ways(egress, administrators), time));
        var call = new PromptCall("gpt-x", new Question.Text("How good?"), Optional.of(SCHEMA));
        return new PromptPerformer(Questions.LITERAL, granted, chat, Cashier.UNLIMITED, time)
                .perform(call, Leases.of(call, 1, LONG, "native"));
    }
}
