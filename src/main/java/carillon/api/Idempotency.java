package carillon.api;

import carillon.idempotency.Claim;
import carillon.idempotency.IdempotencyKey;
import carillon.idempotency.IdempotencyStore;
import carillon.idempotency.KeptAnswer;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Refusal;
import carillon.web.RefusedException;
import carillon.web.Route;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `Idempotency-Key`: a request that is sent again is answered as it was the first time, and has
/// its effect once. The key is on disk before the request is carried out, so that after a crash
/// nobody carries it out a second time: whether it was is then for the client to find out.
final class Idempotency {
    static final String HEADER = "Idempotency-Key";
    static final String REPLAYED = "Idempotency-Replayed";

    /// No request is under way for longer: waits end after 25 s.
    static final Duration MAX_UNDER_WAY = Duration.ofSeconds(60);

    private static final int MAX_KEPT_BODY = 512 * 1024;

    /// Answers that hold a secret that is shown this once: they are not kept.
    private static final Set<String> SECRET =
            Set.of(KeyRoutes.KEYS, WebhookRoutes.WEBHOOKS, WebhookRoutes.ROTATE);

    private final IdempotencyStore store;
    private final InstantSource time;

    Idempotency(IdempotencyStore store, InstantSource time) {
        this.store = store;
        this.time = time;
    }

    /// The same route, honouring the header where it is a POST.
    Route honoured(Route route) {
        return route.method() == Route.Method.POST
                ? new Route(
                        route.method(),
                        route.path(),
                        route.permission(),
                        call -> answer(route, call))
                : route;
    }

    private Answer answer(Route route, Call call) throws InterruptedException {
        var text = call.header(HEADER).map(String::strip);
        if (text.isEmpty()) {
            return route.handler().answer(call);
        }
        if (!IdempotencyKey.isProper(text.get())) {
            throw Refused.invalid(
                    HEADER, "must be 1 to " + IdempotencyKey.MAX_LENGTH + " visible characters");
        }
        var key = new IdempotencyKey(call.caller(), text.get());
        var now = time.instant();
        return switch (store.claim(key, fingerprint(call.target(), call.body()), now)) {
            case Claim.Granted() -> first(route, call, key);
            case Claim.Answered(var answer) -> again(answer);
            case Claim.OtherRequest() ->
                    throw Refused.of(
                            Refusal.Kind.CONFLICT,
                            "the idempotency key was used for another request");
            case Claim.Open(var since) -> throw open(since, now);
        };
    }

    /// A refusal has changed nothing: the key is free again. Any other failure leaves it taken.
    private Answer first(Route route, Call call, IdempotencyKey key) throws InterruptedException {
        Answer answer;
        try {
            answer = route.handler().answer(call);
        } catch (RefusedException e) {
            store.withdraw(key);
            throw e;
        }
        var body = new String(answer.bytes(), StandardCharsets.UTF_8);
        boolean fit = body.length() <= MAX_KEPT_BODY && !SECRET.contains(route.path());
        store.complete(
                key,
                new KeptAnswer(
                        answer.status(),
                        answer.contentType(),
                        answer.headers(),
                        fit ? Optional.of(body) : Optional.empty()));
        return answer;
    }

    private static Answer again(KeptAnswer kept) {
        var body =
                kept.body()
                        .orElseThrow(
                                () ->
                                        Refused.of(
                                                Refusal.Kind.CONFLICT,
                                                "the request was carried out before; its answer"
                                                        + " was not kept, as it held a secret or"
                                                        + " was too large"));
        var headers = new HashMap<>(kept.headers());
        headers.put(REPLAYED, "true");
        return new Answer(
                kept.status(), body.getBytes(StandardCharsets.UTF_8), kept.contentType(), headers);
    }

    private static RefusedException open(Instant since, Instant now) {
        if (now.isBefore(since.plus(MAX_UNDER_WAY))) {
            return new RefusedException(
                    new Refusal(
                            Refusal.Kind.CONFLICT,
                            "a request with this idempotency key is under way",
                            List.of(),
                            Map.of("Retry-After", "1")));
        }
        return Refused.of(
                Refusal.Kind.CONFLICT,
                "the request with this idempotency key broke off at "
                        + since
                        + ", and whether it took effect is not known: look, and use a new key");
    }

    /// What tells one request from another.
    static String fingerprint(String target, byte[] body) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(target.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) '\n');
            return HexFormat.of().formatHex(digest.digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
