package carillon.json;

import carillon.webhook.Subscription;
import carillon.webhook.Terms;
import carillon.webhook.WebhookEvent;
import carillon.webhook.Webhooks;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// What people send about subscriptions: `{url, events, description, secret, active}`, and for a
/// rotation `{secret, overlap}`.
public final class WebhookJson {
    private static final int MAX_SECRET = 500;
    private static final int MAX_DESCRIPTION = 1_000;
    private static final int MAX_EVENTS = 50;

    private final Fields fields;

    private WebhookJson(Fields fields) {
        this.fields = fields;
    }

    /// What a body asks for; what it leaves out is empty. `keepsSecret` says that it sent the mask.
    public record Wanted(
            Optional<URI> url,
            Optional<String> description,
            Optional<Set<WebhookEvent>> events,
            Optional<String> secret,
            boolean keepsSecret,
            Optional<Boolean> active) {
        public Terms terms() {
            return new Terms(url.orElseThrow(), description.orElse(""), events.orElseThrow());
        }

        /// What this makes of a subscription as it stands.
        public Webhooks.Change change(Subscription before) {
            var terms = before.terms();
            return new Webhooks.Change(
                    new Terms(
                            url.orElse(terms.url()),
                            description.orElse(terms.description()),
                            events.orElse(terms.events())),
                    secret,
                    active.orElse(before.standing().active()));
        }
    }

    /// Reads a new subscription. `activeName` is the name of the field `active` in this API. Empty
    /// exactly when something was added to `problems`.
    public static Optional<Wanted> create(JsonNode body, String activeName, Problems problems) {
        return read(
                body,
                problems,
                json -> {
                    json.require("url");
                    json.require("events");
                    var wanted = json.wanted(activeName);
                    if (wanted.keepsSecret()) {
                        json.fields.problem(
                                "secret", "there is no stored secret that '***' could stand for");
                    }
                    return wanted;
                });
    }

    /// Reads a change of `before`.
    public static Optional<Wanted> change(
            JsonNode body, String activeName, Subscription before, Problems problems) {
        return read(
                body,
                problems,
                json -> {
                    var wanted = json.wanted(activeName);
                    var old = before.terms().url();
                    boolean moves =
                            wanted.url()
                                    .filter(url -> !HttpRules.isSameServer(old, url))
                                    .isPresent();
                    if (wanted.keepsSecret() && moves) {
                        json.fields.problem("secret", "send the secret again: the host changes");
                    }
                    return wanted;
                });
    }

    /// A new secret, where one is sent, and for how long the old one signs too.
    public record Rotation(Optional<String> secret, Duration overlap) {}

    public static Optional<Rotation> rotation(JsonNode body, Problems problems) {
        return read(
                body,
                problems,
                json -> {
                    var secret = json.secret();
                    if (secret.filter(Secrets.MASK::equals).isPresent()) {
                        json.fields.problem("secret", "must be a new one");
                    }
                    var overlap = json.fields.duration("overlap").orElse(Webhooks.DEFAULT_OVERLAP);
                    if (overlap.isNegative() || overlap.compareTo(Webhooks.MAX_OVERLAP) > 0) {
                        json.fields.problem("overlap", "must be 0s to 30d");
                    }
                    return new Rotation(secret, overlap);
                });
    }

    private interface Reading<T> {
        T of(WebhookJson json);
    }

    private static <T> Optional<T> read(JsonNode body, Problems problems, Reading<T> reading) {
        int before = problems.count();
        var fields = Fields.of(body, "", problems);
        var read = fields.map(some -> reading.of(new WebhookJson(some)));
        fields.ifPresent(Fields::done);
        return read.filter(_ -> problems.count() == before);
    }

    private void require(String name) {
        if (!fields.has(name)) {
            fields.problem(name, "is required");
        }
    }

    private Wanted wanted(String activeName) {
        var secret = secret();
        return new Wanted(
                url(),
                fields.text("description", MAX_DESCRIPTION),
                events(),
                secret.filter(text -> !text.equals(Secrets.MASK)),
                secret.filter(Secrets.MASK::equals).isPresent(),
                fields.bool(activeName));
    }

    private Optional<URI> url() {
        var text = fields.text("url", HttpRules.MAX_URL_LENGTH);
        var fault = text.flatMap(HttpRules::urlFault);
        fault.ifPresent(message -> fields.problem("url", message));
        if (text.isEmpty() || fault.isPresent()) {
            return Optional.empty();
        }
        var url = URI.create(text.get());
        if (url.getRawUserInfo() != null) {
            fields.problem("url", "must have no user in it: deliveries are signed");
            return Optional.empty();
        }
        return Optional.of(url);
    }

    private Optional<Set<WebhookEvent>> events() {
        var items = fields.array("events", MAX_EVENTS);
        if (items.isEmpty()) {
            return Optional.empty();
        }
        var events = EnumSet.noneOf(WebhookEvent.class);
        for (var item : items.get()) {
            var event = item.isTextual() ? WebhookEvent.of(item.textValue()) : NONE;
            if (event.isEmpty()) {
                var hint =
                        item.isTextual()
                                ? Nearest.hint(item.textValue(), WebhookEvent.words())
                                : "";
                fields.problem(
                        "events",
                        "unknown event"
                                + hint
                                + "; the events are "
                                + String.join(", ", WebhookEvent.words()));
                return Optional.empty();
            }
            events.add(event.get());
        }
        if (events.isEmpty()) {
            fields.problem("events", "must name one event at least");
            return Optional.empty();
        }
        return Optional.of(events);
    }

    private static final Optional<WebhookEvent> NONE = Optional.empty();

    private Optional<String> secret() {
        var secret = fields.text("secret", MAX_SECRET);
        var fault = secret.flatMap(HttpRules::secretFault);
        fault.ifPresent(message -> fields.problem("secret", message));
        return fault.isPresent() ? Optional.empty() : secret;
    }
}
