package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.action.HttpAuth.ApiKey;
import carillon.action.HttpAuth.Basic;
import carillon.action.HttpAuth.Bearer;
import carillon.action.HttpCall;
import carillon.egress.Egress;
import carillon.egress.EgressReply.Answer;
import carillon.egress.EgressReply.Refused;
import carillon.egress.EgressReply.TimedOut;
import carillon.egress.EgressReply.Unreachable;
import carillon.egress.EgressRequest;
import carillon.json.Json;
import carillon.json.JsonException;
import carillon.run.Lease;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.task.RetryOn;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/// Makes the HTTP request of an [HttpCall], once.
///
/// Each request carries `webhook-id` (the same on every attempt of a run, so that a target can tell
/// a repetition), `webhook-timestamp`, with a secret `webhook-signature`, the `X-Carillon-…`
/// headers, and the stamp of the API that the task was made through.
public final class HttpPerformer {
    private static final int MAX_TYPE_LENGTH = 200;

    private final Egress egress;
    private final InstantSource time;
    private final Map<String, Stamp> stamps;

    /// `stamps` by the origin of tasks, as in [carillon.task.Task#origin].
    public HttpPerformer(Egress egress, InstantSource time, Map<String, Stamp> stamps) {
        this.egress = requireNonNull(egress, "egress");
        this.time = requireNonNull(time, "time");
        this.stamps = Map.copyOf(stamps);
    }

    Outcome perform(HttpCall call, Lease lease) throws InterruptedException {
        var request =
                new EgressRequest(
                        call.method(),
                        call.url(),
                        headers(call, lease),
                        call.body(),
                        lease.definition().policies().timeout(),
                        Output.MAX_KEPT);
        return switch (egress.send(request)) {
            case Answer answer -> outcome(call, answer);
            case Unreachable(var reason, _) -> Outcome.Failed.of(reason, RetryOn.NETWORK);
            case TimedOut(var reason, _) -> Outcome.Failed.of(reason, RetryOn.TIMEOUT);
            case Refused(var reason) -> Outcome.Failed.of(reason, RetryOn.OTHER);
        };
    }

    private Outcome outcome(HttpCall call, Answer answer) {
        var output = output(answer);
        if (call.isSuccess(answer.status())) {
            return new Outcome.Succeeded(output);
        }
        return new Outcome.Failed(
                ("answered " + answer.status() + " " + answer.phrase()).strip(),
                kinds(answer.status()),
                output,
                retryAfter(answer));
    }

    private Optional<Duration> retryAfter(Answer answer) {
        return answer.header("Retry-After")
                .flatMap(value -> RetryAfter.read(value, time.instant()));
    }

    private static Set<RetryOn> kinds(int status) {
        return status >= 100 && status <= 599 ? RetryOn.forStatus(status) : Set.of(RetryOn.OTHER);
    }

    private static Output output(Answer answer) {
        var type = KeptText.of(answer.header("Content-Type").orElse(""), MAX_TYPE_LENGTH);
        var body = KeptText.of(answer.body(), Output.MAX_KEPT);
        return new Output(
                OptionalInt.of(answer.status()),
                type.text(),
                body.text(),
                answer.cut() || body.cut());
    }

    /// Later ones win over earlier ones of the same name: the task's own, the credentials, ours.
    private Map<String, String> headers(HttpCall call, Lease lease) {
        var names = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        var headers = new LinkedHashMap<String, String>();
        put(headers, names, call.headers());
        if (!names.containsKey("Content-Type")) {
            call.body()
                    .filter(body -> !body.isEmpty())
                    .ifPresent(body -> put(headers, names, Map.of("Content-Type", type(body))));
        }
        put(headers, names, credentials(call, names.containsKey("Authorization")));
        put(headers, names, marks(lease));
        var stamp = stamps.get(lease.origin());
        if (stamp != null) {
            put(headers, names, stamp.headers(lease));
        }
        put(headers, names, webhook(call, lease));
        return headers;
    }

    /// `names` leads from a name in any case to the one that `headers` has it under.
    private static void put(
            Map<String, String> headers, Map<String, String> names, Map<String, String> more) {
        more.forEach(
                (name, value) -> {
                    var known = names.putIfAbsent(name, name);
                    headers.put(known == null ? name : known, value);
                });
    }

    private static Map<String, String> credentials(HttpCall call, boolean hasOwn) {
        if (call.auth().isPresent()) {
            return switch (call.auth().get()) {
                case Basic(var user, var password) -> basic(user + ":" + password);
                case Bearer(var token) -> Map.of("Authorization", "Bearer " + token);
                case ApiKey(var key, var header) -> Map.of(header, key);
            };
        }
        var user = call.url().getUserInfo();
        return user == null || hasOwn ? Map.of() : basic(user);
    }

    /// RFC 7617, in UTF-8.
    private static Map<String, String> basic(String credentials) {
        var encoded =
                Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        return Map.of("Authorization", "Basic " + encoded);
    }

    private static String type(String body) {
        if (body.startsWith("{") || body.startsWith("[")) {
            try {
                Json.read(body);
                return "application/json";
            } catch (JsonException _) {
                // Text that only begins like JSON.
            }
        }
        return "text/plain; charset=utf-8";
    }

    private static Map<String, String> marks(Lease lease) {
        var run = lease.run();
        var marks = new LinkedHashMap<String, String>();
        marks.put("X-Carillon-Task-Id", run.task().toString());
        marks.put("X-Carillon-Run-Id", run.id().toString());
        marks.put("X-Carillon-Attempt", Integer.toString(run.progress().attemptsUsed()));
        run.occasion().fireTime().ifPresent(at -> marks.put("X-Carillon-Fire-Time", at.toString()));
        return marks;
    }

    private Map<String, String> webhook(HttpCall call, Lease lease) {
        var id = "msg_" + lease.run().id();
        var now = time.instant();
        var headers = new LinkedHashMap<String, String>();
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", Long.toString(now.getEpochSecond()));
        call.secret()
                .ifPresent(
                        secret ->
                                headers.put(
                                        "webhook-signature",
                                        Signature.of(id, now, call.body().orElse(""), secret)));
        return headers;
    }
}
