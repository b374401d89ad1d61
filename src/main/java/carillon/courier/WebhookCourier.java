package carillon.courier;

import static java.util.Objects.requireNonNull;

import carillon.egress.Egress;
import carillon.egress.EgressReply;
import carillon.egress.EgressRequest;
import carillon.outbox.Backoff;
import carillon.outbox.Carried;
import carillon.outbox.Courier;
import carillon.outbox.Delivery;
import carillon.perform.RetryAfter;
import carillon.perform.Signature;
import carillon.webhook.Subscription;
import carillon.webhook.WebhookEvent;
import carillon.webhook.WebhookStore;
import carillon.webhook.WebhookStore.Try;
import carillon.webhook.Webhooks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Posts what subscriptions are told, signed as Standard Webhooks says, and logs each try. Only a
/// 2xx is a delivery. Everything else is tried again, but for 410, which ends the subscription, and
/// for targets that may not be reached.
public final class WebhookCourier implements Courier {
    private static final Duration TRY_TIME = Duration.ofSeconds(15);
    private static final int GONE = 410;
    private static final int MAX_KEPT = Try.MAX_RESPONSE;

    private final WebhookStore webhooks;
    private final Egress egress;
    private final InstantSource time;

    public WebhookCourier(WebhookStore webhooks, Egress egress, InstantSource time) {
        this.webhooks = requireNonNull(webhooks, "webhooks");
        this.egress = requireNonNull(egress, "egress");
        this.time = requireNonNull(time, "time");
    }

    @Override
    public Carried carry(Delivery delivery) throws InterruptedException {
        var subscription = webhooks.find(delivery.subject().owner());
        if (subscription.isEmpty()) {
            return new Carried.Refused("the subscription is gone");
        }
        boolean test = delivery.type().equals(WebhookEvent.TEST);
        if (!test && !subscription.get().standing().active()) {
            return new Carried.Refused("the subscription is not active");
        }
        var begun = time.instant();
        var reply = egress.send(request(subscription.get(), delivery, begun));
        var took = Duration.between(begun, time.instant());
        var carried = carried(reply);
        boolean gone = reply instanceof EgressReply.Answer answer && answer.status() == GONE;
        webhooks.log(delivery, logged(delivery, begun, took, reply, carried), gone);
        return carried;
    }

    private static EgressRequest request(
            Subscription subscription, Delivery delivery, Instant now) {
        var body = delivery.payload().orElse("{}");
        var id = Webhooks.messageId(delivery);
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", "application/json");
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", Long.toString(now.getEpochSecond()));
        headers.put("webhook-signature", Signature.of(id, now, body, subscription.keys().at(now)));
        return new EgressRequest(
                "POST",
                subscription.terms().url(),
                Map.copyOf(headers),
                Optional.of(body),
                TRY_TIME,
                MAX_KEPT);
    }

    private Carried carried(EgressReply reply) {
        return switch (reply) {
            case EgressReply.Answer answer -> carried(answer);
            case EgressReply.Unreachable(var reason, _) ->
                    new Carried.Failed(reason, Optional.empty());
            case EgressReply.TimedOut(var reason, _) ->
                    new Carried.Failed(reason, Optional.empty());
            case EgressReply.Refused(var reason) -> new Carried.Refused(reason);
        };
    }

    private Carried carried(EgressReply.Answer answer) {
        int status = answer.status();
        if (status >= 200 && status <= 299) {
            return new Carried.Done();
        }
        var reason = ("answered " + status + " " + answer.phrase()).strip();
        return status == GONE
                ? new Carried.Refused(reason)
                : new Carried.Failed(
                        reason,
                        answer.header("Retry-After")
                                .flatMap(value -> RetryAfter.read(value, time.instant())));
    }

    private static Try logged(
            Delivery delivery, Instant begun, Duration took, EgressReply reply, Carried carried) {
        var error =
                switch (carried) {
                    case Carried.Done() -> "";
                    case Carried.Failed(var reason, _) -> reason;
                    case Carried.Refused(var reason) -> reason;
                };
        var answer =
                reply instanceof EgressReply.Answer some
                        ? Optional.of(some)
                        : Optional.<EgressReply.Answer>empty();
        return new Try(
                delivery.progress().attempts(),
                begun,
                Math.max(0, took.toMillis()),
                answer.map(some -> OptionalInt.of(some.status())).orElse(OptionalInt.empty()),
                answer.map(EgressReply.Answer::body).orElse(""),
                error);
    }

    @Override
    public Backoff backoff(Delivery delivery) {
        return Backoff.DEFAULT;
    }
}
