package carillon.perform;

import carillon.ai.Endpoint;
import carillon.ai.Reply.Failure;
import carillon.egress.EgressReply;
import carillon.egress.EgressReply.Answer;
import carillon.egress.EgressReply.Refused;
import carillon.egress.EgressReply.TimedOut;
import carillon.egress.EgressReply.Unreachable;
import carillon.json.Json;
import carillon.json.JsonException;
import carillon.task.RetryOn;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Says why a question has no answer, for people and for retry policies.
final class ChatFaults {
    private static final int MAX_MESSAGE_LENGTH = 300;
    private static final Set<Integer> ABOUT_THE_KEY = Set.of(401, 403);

    /// What OpenAI calls an account that is used up: no wait helps.
    private static final String USED_UP = "insufficient_quota";

    private ChatFaults() {}

    /// `reply` is what the exchange brought; empty when the question could not even be sent.
    static Failure failure(Optional<EgressReply> reply, Endpoint endpoint, Instant now) {
        if (reply.isEmpty()) {
            return Failure.unsent("the question could not be put into the provider's form", OTHER);
        }
        return switch (reply.get()) {
            case Unreachable(var reason, var sent) -> failure(reason, RetryOn.NETWORK, sent);
            case TimedOut(var reason, var sent) -> failure(reason, RetryOn.TIMEOUT, sent);
            case Refused(var reason) -> Failure.unsent(reason, OTHER);
            case Answer answer -> failure(answer, endpoint, now);
        };
    }

    /// Why an answer that was to come piece by piece has no end, with what came of it.
    static Failure failure(
            ChatExchange exchange, HeardAnswer heard, Endpoint endpoint, Instant now) {
        var stream = exchange.stream().filter(EventStream::hasBegun);
        var reply = exchange.reply();
        if (stream.isEmpty() || reply.isEmpty()) {
            return failure(reply, endpoint, now);
        }
        if (heard.isTooLong()) {
            return streamed(TOO_LONG, OTHER).after(heard.text());
        }
        var error = stream.get().error();
        if (error.isPresent()) {
            var said = BROKE_OFF + message(error.get(), endpoint);
            return streamed(said, RetryOn.NETWORK).after(heard.text());
        }
        return failure(stream.get(), heard, reply.get()).after(heard.text());
    }

    private static Failure failure(EventStream stream, HeardAnswer heard, EgressReply reply) {
        return switch (reply) {
            case Unreachable(var reason, _) -> Failure.of(reason, RetryOn.NETWORK);
            case TimedOut _ ->
                    Failure.of("the answer had not come to its end in time", RetryOn.TIMEOUT);
            case Refused(var reason) -> Failure.unsent(reason, OTHER);
            case Answer _ when stream.isBroken() -> streamed(NOT_IN_FORM, OTHER);
            case Answer answer when answer.cut() -> streamed(TOO_LONG, OTHER);
            case Answer _ when heard.hasFailed() -> streamed(NOT_IN_FORM, OTHER);
            case Answer _ -> streamed(BROKE_OFF, RetryOn.NETWORK);
        };
    }

    private static Failure streamed(String reason, RetryOn kind) {
        return new Failure(reason, Set.of(kind), OptionalInt.of(200), Optional.empty());
    }

    /// Whether the provider refused the question since it does not answer piece by piece.
    static boolean refusesToStream(Optional<EgressReply> reply) {
        return reply.isPresent()
                && reply.get() instanceof Answer answer
                && NOT_UNDERSTOOD.contains(answer.status())
                && answer.body().contains("stream");
    }

    private static final Set<Integer> NOT_UNDERSTOOD = Set.of(400, 422);
    private static final String TOO_LONG = "the answer is longer than 1 MiB";
    private static final String NOT_IN_FORM = "the answer is not in the provider's form";
    private static final String BROKE_OFF = "the answer broke off before its end";
    private static final RetryOn OTHER = RetryOn.OTHER;

    private static Failure failure(String reason, RetryOn kind, boolean sent) {
        return sent ? Failure.of(reason, kind) : Failure.unsent(reason, kind);
    }

    private static Failure failure(Answer answer, Endpoint endpoint, Instant now) {
        int status = answer.status();
        if (status >= 200 && status <= 299) {
            var fault = answer.cut() ? TOO_LONG : NOT_IN_FORM;
            return new Failure(fault, Set.of(OTHER), OptionalInt.of(status), Optional.empty());
        }
        var said = message(answer, endpoint);
        var reason = ("answered " + status + " " + answer.phrase()).strip() + said;
        return new Failure(reason, kinds(answer), OptionalInt.of(status), retryAfter(answer, now));
    }

    private static Set<RetryOn> kinds(Answer answer) {
        int status = answer.status();
        boolean hopeless = status == 429 && answer.body().contains(USED_UP);
        return status < 100 || status > 599 || hopeless ? Set.of(OTHER) : RetryOn.forStatus(status);
    }

    /// The exact wait wins over the one in whole seconds.
    private static Optional<Duration> retryAfter(Answer answer, Instant now) {
        return answer.header("retry-after-ms")
                .flatMap(RetryAfter::readMillis)
                .or(
                        () ->
                                answer.header("Retry-After")
                                        .flatMap(value -> RetryAfter.read(value, now)))
                .or(() -> retryDelay(answer));
    }

    /// Gemini says it in the body, in seconds: `{"error":{"details":[{"retryDelay":"34s"}]}}`.
    private static Optional<Duration> retryDelay(Answer answer) {
        try {
            var details = Json.read(answer.body()).path("error").path("details");
            return details.findValuesAsText("retryDelay").stream()
                    .findFirst()
                    .flatMap(RetryAfter::readDelay);
        } catch (JsonException _) {
            return Optional.empty();
        }
    }

    /// What the provider says of its refusal, without the key. Of a refused key, providers repeat a
    /// part: their words are left out.
    private static String message(Answer answer, Endpoint endpoint) {
        if (ABOUT_THE_KEY.contains(answer.status())) {
            return ": the key was not accepted";
        }
        return message(answer.body(), endpoint);
    }

    private static String message(String body, Endpoint endpoint) {
        try {
            var error = Json.read(body).path("error");
            var said = error.isTextual() ? error.asText() : error.path("message").asText("");
            var clean = endpoint.apiKey().map(key -> said.replace(key, "***")).orElse(said).strip();
            var kept = KeptText.of(clean, MAX_MESSAGE_LENGTH).text();
            return kept.isEmpty() ? "" : ": " + kept;
        } catch (JsonException _) {
            return ""; // The status alone says it.
        }
    }
}
