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

    private static final RetryOn OTHER = RetryOn.OTHER;

    private static Failure failure(String reason, RetryOn kind, boolean sent) {
        return sent ? Failure.of(reason, kind) : Failure.unsent(reason, kind);
    }

    private static Failure failure(Answer answer, Endpoint endpoint, Instant now) {
        int status = answer.status();
        if (status >= 200 && status <= 299) {
            var fault =
                    answer.cut()
                            ? "the answer is longer than 1 MiB"
                            : "the answer is not in the provider's form";
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
                                        .flatMap(value -> RetryAfter.read(value, now)));
    }

    /// What the provider says of its refusal, without the key. Of a refused key, providers repeat a
    /// part: their words are left out.
    private static String message(Answer answer, Endpoint endpoint) {
        if (ABOUT_THE_KEY.contains(answer.status())) {
            return ": the key was not accepted";
        }
        try {
            var error = Json.read(answer.body()).path("error");
            var said = error.isTextual() ? error.asText() : error.path("message").asText("");
            var clean = endpoint.apiKey().map(key -> said.replace(key, "***")).orElse(said).strip();
            var kept = KeptText.of(clean, MAX_MESSAGE_LENGTH).text();
            return kept.isEmpty() ? "" : ": " + kept;
        } catch (JsonException _) {
            return ""; // The status alone says it.
        }
    }
}
