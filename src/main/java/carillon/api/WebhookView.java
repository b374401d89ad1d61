package carillon.api;

import carillon.json.Json;
import carillon.json.Secrets;
import carillon.outbox.Delivery;
import carillon.webhook.SigningKeys;
import carillon.webhook.Subscription;
import carillon.webhook.WebhookStore;
import carillon.webhook.Webhooks;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/// Subscriptions and their deliveries as this API shows them; secrets masked.
final class WebhookView {
    private WebhookView() {}

    static ObjectNode of(Subscription subscription, Instant now) {
        var terms = subscription.terms();
        var standing = subscription.standing();
        var view =
                Json.object()
                        .put("id", subscription.id())
                        .put("url", terms.url().toString())
                        .put("description", terms.description());
        var events = view.putArray("events");
        terms.events().forEach(event -> events.add(event.word()));
        view.put("secret", Secrets.MASK).put("active", standing.active());
        view.put("reason", standing.reason().isEmpty() ? null : standing.reason());
        TaskView.putInstant(view, "failing_since", standing.failingSince());
        var old = subscription.keys().oldAt(now).map(SigningKeys.Old::until);
        TaskView.putInstant(view, "old_secret_until", old);
        TaskView.putInstant(view, "created_at", Optional.of(subscription.createdAt()));
        TaskView.putInstant(view, "updated_at", Optional.of(subscription.updatedAt()));
        return view;
    }

    static ObjectNode of(Webhooks.Logged logged) {
        var delivery = logged.delivery();
        var progress = delivery.progress();
        boolean pending = progress.state() == Delivery.State.PENDING;
        var view =
                Json.object()
                        .put("id", delivery.id())
                        .put("webhook_id", delivery.subject().owner())
                        .put("message_id", Webhooks.messageId(delivery))
                        .put("type", delivery.type())
                        .put("target", delivery.target())
                        .put("state", progress.state().name())
                        .put("attempts", progress.attempts())
                        .put("error", progress.error().isEmpty() ? null : progress.error());
        var last = logged.tries().isEmpty() ? NONE : Optional.of(logged.tries().getLast());
        putStatus(view, last.map(WebhookStore.Try::status).orElse(OptionalInt.empty()));
        view.put("response", last.map(WebhookStore.Try::response).orElse(null));
        TaskView.putInstant(view, "created_at", Optional.of(progress.createdAt()));
        TaskView.putInstant(view, "attempted_at", progress.attemptedAt());
        TaskView.putInstant(
                view, "next_attempt_at", Optional.of(progress.dueAt()).filter(_ -> pending));
        TaskView.putInstant(view, "finished_at", progress.finishedAt());
        return view;
    }

    private static final Optional<WebhookStore.Try> NONE = Optional.empty();

    private static void putStatus(ObjectNode view, OptionalInt status) {
        view.putNull("status");
        status.ifPresent(number -> view.put("status", number));
    }

    /// With what was sent, and every try.
    static ObjectNode whole(Webhooks.Logged logged) {
        var view = of(logged);
        view.set("payload", Json.read(logged.delivery().payload().orElse("null")));
        var tries = view.putArray("tries");
        for (var made : logged.tries()) {
            var one =
                    tries.addObject()
                            .put("attempt", made.attempt())
                            .put("duration_ms", made.tookMillis())
                            .put("response", made.response())
                            .put("error", made.error().isEmpty() ? null : made.error());
            putStatus(one, made.status());
            TaskView.putInstant(one, "begun_at", Optional.of(made.begunAt()));
        }
        return view;
    }
}
