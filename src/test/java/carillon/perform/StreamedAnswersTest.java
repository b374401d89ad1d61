package carillon.perform;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.action.PromptCall;
import carillon.ai.AdministratorModels;
import carillon.ai.AdministratorModels.Grant;
import carillon.ai.Endpoint;
import carillon.ai.Provider;
import carillon.ai.Tokens;
import carillon.budget.Cashier;
import carillon.egress.AllowList;
import carillon.egress.Egress;
import carillon.egress.EgressSettings;
import carillon.egress.RawServer;
import carillon.perform.ChatServer.Told;
import carillon.run.ModelAnswer;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.task.RetryOn;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// Answers come piece by piece, so that what has come is kept when the rest does not.
@Timeout(30)
final class StreamedAnswersTest {
    private static final String KEY = "sk-very-secret-1234567890";
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final EgressSettings closed =
            new EgressSettings(AllowList.EMPTY, Set.of(), 100, "Carillon/test");
    private final Egress egress = Egress.open(closed);
    private final Egress administrators = Egress.open(closed.allowingHosts(List.of("127.0.0.1")));

    @AfterEach
    void close() {
        egress.close();
        administrators.close();
    }

    /// The first two pieces of an answer, "Bon" and "jour".
    private static String pieces(Provider provider) {
        return switch (provider) {
            case ECHO -> throw new IllegalArgumentException("echo does not stream");
            case OPENAI -> openAi("Bon") + openAi("jour");
            case ANTHROPIC ->
                    """
                    event: message_start
                    data: {"type":"message_start","message":{"id":"m","role":"assistant",\
                    "model":"gpt-x","content":[],"usage":{"input_tokens":12,"output_tokens":1}}}

                    event: content_block_start
                    data: {"type":"content_block_start","index":0,\
                    "content_block":{"type":"text","text":""}}

                    event: ping
                    data: {"type":"ping"}

                    event: content_block_delta
                    data: {"type":"content_block_delta","index":0,\
                    "delta":{"type":"text_delta","text":"Bon"}}

                    event: content_block_delta
                    data: {"type":"content_block_delta","index":0,\
                    "delta":{"type":"text_delta","text":"jour"}}

                    """;
            case GEMINI -> gemini("Bon", "") + gemini("jour", "");
        };
    }

    private static String openAi(String piece) {
        return """
        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-x",\
        "choices":[{"index":0,"delta":{"content":"%s"},"finish_reason":null}]}

        """
                .formatted(piece);
    }

    private static String gemini(String piece, String more) {
        return """
        data: {"candidates":[{"content":{"role":"model","parts":[{"text":"%s"}]}%s}],\
        "usageMetadata":{"promptTokenCount":12,"candidatesTokenCount":5,"totalTokenCount":17}}

        """
                .formatted(piece, more);
    }

    /// What follows on the pieces of an answer that comes to its end.
    private static String end(Provider provider) {
        return switch (provider) {
            case ECHO -> throw new IllegalArgumentException("echo does not stream");
            case OPENAI ->
                    """
                    data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

                    data: {"id":"c","choices":[],\
                    "usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}}

                    data: [DONE]

                    """;
            case ANTHROPIC ->
                    """
                    event: content_block_stop
                    data: {"type":"content_block_stop","index":0}

                    event: message_delta
                    data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},\
                    "usage":{"output_tokens":5}}

                    event: message_stop
                    data: {"type":"message_stop"}

                    """;
            case GEMINI -> gemini("", ",\"finishReason\":\"STOP\"");
        };
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ECHO")
    void the_pieces_make_the_answer_and_its_tokens_are_counted(Provider provider) throws Exception {
        try (var server = new ChatServer(Told.events(pieces(provider) + end(provider)))) {
            var outcome = ask(provider, server.url(), LONG);

            assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
            assertThat(outcome.output().body()).isEqualTo("Bonjour");
            var answer = outcome.asked().answer().orElseThrow();
            assertThat(answer.state()).isEqualTo(ModelAnswer.State.WHOLE);
            assertThat(answer.spending().tokens()).hasValue(new Tokens(12, 5));
            assertThat(server.count()).isEqualTo(1);
        }
    }

    @Test
    void openai_is_asked_to_stream_and_to_count() throws Exception {
        try (var server = new ChatServer(Told.events(end(Provider.OPENAI)))) {
            ask(Provider.OPENAI, server.url(), LONG);
            var body = server.next().body();
            assertThat(body.path("stream").asBoolean()).isTrue();
            assertThat(body.at("/stream_options/include_usage").asBoolean()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ECHO")
    void a_timeout_keeps_what_came(Provider provider) throws Exception {
        try (var server =
                serving(
                        pieces(provider),
                        () -> {
                            new CountDownLatch(1).await();
                        })) {
            var failed = (Outcome.Failed) ask(provider, server.url(), SHORT);

            assertThat(failed.kinds()).containsExactly(RetryOn.TIMEOUT);
            assertThat(failed.reason()).isEqualTo("the answer had not come to its end in time");
            assertKept(failed);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ECHO")
    void a_connection_that_breaks_keeps_what_came(Provider provider) throws Exception {
        try (var server = serving(pieces(provider), () -> {})) {
            var failed = (Outcome.Failed) ask(provider, server.url(), LONG);

            assertThat(failed.kinds()).containsExactly(RetryOn.NETWORK);
            assertThat(failed.reason()).endsWith("broke off in the middle of its answer");
            assertKept(failed);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ECHO")
    void a_stream_without_its_end_is_cut(Provider provider) throws Exception {
        try (var server = new ChatServer(Told.events(pieces(provider)))) {
            var failed = (Outcome.Failed) ask(provider, server.url(), LONG);

            assertThat(failed.kinds()).containsExactly(RetryOn.NETWORK);
            assertThat(failed.reason()).isEqualTo("the answer broke off before its end");
            assertKept(failed);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ECHO")
    void an_error_between_the_pieces_is_told_without_the_key(Provider provider) throws Exception {
        var error =
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
                        + "\"message\":\"Overloaded "
                        + KEY
                        + "\"}}\n\n";
        try (var server = new ChatServer(Told.events(pieces(provider) + error))) {
            var failed = (Outcome.Failed) ask(provider, server.url(), LONG);

            assertThat(failed.reason())
                    .isEqualTo("the answer broke off before its end: Overloaded ***");
            assertThat(failed.kinds()).containsExactly(RetryOn.NETWORK);
            assertKept(failed);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ECHO")
    void a_piece_that_is_no_json_ends_the_answer(Provider provider) throws Exception {
        var broken = "event: content_block_delta\ndata: {\"choices\":[{\"de\n\n";
        var whole = pieces(provider) + broken + end(provider);
        try (var server = new ChatServer(Told.events(whole))) {
            var failed = (Outcome.Failed) ask(provider, server.url(), LONG);

            assertThat(failed.reason()).isEqualTo("the answer is not in the provider's form");
            assertThat(failed.kinds()).containsExactly(RetryOn.OTHER);
            assertKept(failed);
        }
    }

    @Test
    void an_answer_that_never_ends_is_kept_up_to_1_mib() throws Exception {
        var piece = openAi("x".repeat(1_000));
        try (var server = new ChatServer(Told.events(piece.repeat(1_100)))) {
            var failed = (Outcome.Failed) ask(Provider.OPENAI, server.url(), LONG);

            assertThat(failed.reason()).isEqualTo("the answer is longer than 1 MiB");
            assertThat(failed.output().body()).hasSize(Output.MAX_KEPT);
            var kept = failed.asked().answer().orElseThrow();
            assertThat(kept.state()).isEqualTo(ModelAnswer.State.CUT);
            assertThat(kept.text()).hasSize(1_048_000);
        }
    }

    @Test
    void a_line_that_never_ends_is_not_read_to_its_end() throws Exception {
        try (var server = new ChatServer(Told.events("data: " + "x".repeat(3_000_000)))) {
            var failed = (Outcome.Failed) ask(Provider.OPENAI, server.url(), LONG);
            assertThat(failed.reason()).isEqualTo("the answer is not in the provider's form");
        }
    }

    @Test
    void a_server_that_hangs_after_the_end_has_answered() throws Exception {
        try (var server =
                serving(
                        pieces(Provider.OPENAI) + end(Provider.OPENAI),
                        () -> {
                            new CountDownLatch(1).await();
                        })) {
            var outcome = ask(Provider.OPENAI, server.url(), SHORT);
            assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
            assertThat(outcome.output().body()).isEqualTo("Bonjour");
        }
    }

    @Test
    void a_server_that_does_not_stream_is_asked_for_the_whole() throws Exception {
        var whole =
                """
                {"choices":[{"index":0,"finish_reason":"stop",
                   "message":{"role":"assistant","content":"Bonjour"}}],
                 "usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}}
                """;
        var refusal = "{\"error\":{\"message\":\"Unrecognized argument: stream_options\"}}";
        try (var server =
                new ChatServer(
                        asked ->
                                asked.body().has("stream_options")
                                        ? new Told(400, Map.of(), refusal)
                                        : Told.ok(whole))) {
            var outcome = ask(Provider.OPENAI, server.url(), LONG);
            assertThat(outcome.output().body()).as("%s", outcome).isEqualTo("Bonjour");
            assertThat(outcome.asked().answer().orElseThrow().spending().tokens())
                    .hasValue(new Tokens(12, 5));
            assertThat(server.count()).isEqualTo(2);
        }
    }

    @Test
    void signs_of_several_bytes_are_not_torn_between_packets() throws Exception {
        var text = "\u65e5\u672c\ud83d\ude00";
        try (var server =
                new RawServer(
                        connection -> {
                            RawServer.readHead(connection);
                            var out = connection.getOutputStream();
                            RawServer.write(
                                    out, HEAD.replace("Transfer-Encoding: chunked", "X: y"));
                            var all = openAi(text) + end(Provider.OPENAI);
                            for (byte one : all.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
                                out.write(one);
                                out.flush();
                            }
                        })) {
            assertThat(ask(Provider.OPENAI, server.url(), LONG).output().body()).isEqualTo(text);
        }
    }

    private static void assertKept(Outcome.Failed failed) {
        assertThat(failed.output().body()).isEqualTo("Bonjour");
        assertThat(failed.output().cut()).isTrue();
        assertThat(failed.toString()).doesNotContain(KEY);
        var kept = failed.asked().answer().orElseThrow();
        assertThat(kept.text()).isEqualTo("Bonjour");
        assertThat(kept.state()).isEqualTo(ModelAnswer.State.CUT);
        assertThat(failed.asked().uses().getFirst().failures()).isEqualTo(1);
    }

    private static final String HEAD =
            """
            HTTP/1.1 200 OK\r
            Content-Type: text/event-stream\r
            Transfer-Encoding: chunked\r
            \r
            """;

    private interface Then {
        void happens() throws InterruptedException;
    }

    /// Sends the events in one chunk that is not the last, and then does what is to happen.
    private static RawServer serving(String events, Then then) throws Exception {
        return new RawServer(
                connection -> {
                    RawServer.readHead(connection);
                    var out = connection.getOutputStream();
                    RawServer.write(out, HEAD);
                    RawServer.write(out, Integer.toHexString(events.length()) + "\r\n");
                    RawServer.write(out, events + "\r\n");
                    then.happens();
                });
    }

    private Outcome ask(Provider provider, URI url, Duration timeout) throws InterruptedException {
        var endpoint = new Endpoint(url, Optional.of(KEY), Endpoint.Source.ADMINISTRATOR);
        var granted = new AdministratorModels(List.of(new Grant(provider, "", endpoint)));
        var time = InstantSource.system();
        var chat = new ChatClients(new Ways(egress, administrators), time);
        var call = PromptCall.of("gpt-x", "Say hello");
        var metered = MeteredChat.unmetered(chat);
        return new PromptPerformer(Questions.LITERAL, granted, metered, Cashier.UNLIMITED, time)
                .perform(call, Leases.of(call, 1, timeout, "native"));
    }
}
