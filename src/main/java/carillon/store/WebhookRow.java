package carillon.store;

import static carillon.store.Columns.instant;
import static carillon.store.Columns.optionalInstant;

import carillon.secret.Seal;
import carillon.webhook.SigningKeys;
import carillon.webhook.Standing;
import carillon.webhook.Subscription;
import carillon.webhook.Terms;
import carillon.webhook.WebhookEvent;
import carillon.webhook.WebhookStore.Listener;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Update;

/// A subscription as it stands in its row; the secrets are sealed for that row.
final class WebhookRow {
    private final Seal seal;

    WebhookRow(Seal seal) {
        this.seal = seal;
    }

    private static String place(long id) {
        return "webhook " + id;
    }

    Subscription map(ResultSet row) throws SQLException {
        long id = row.getLong("id");
        return new Subscription(
                id,
                row.getInt("version"),
                row.getString("origin"),
                new Terms(
                        URI.create(row.getString("url")),
                        row.getString("description"),
                        events(row)),
                keys(id, row),
                new Standing(
                        row.getBoolean("active"),
                        row.getString("reason"),
                        row.getLong("seen"),
                        optionalInstant(row, "failing_since"),
                        row.getInt("failures")),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private SigningKeys keys(long id, ResultSet row) throws SQLException {
        var old = Optional.ofNullable(row.getString("old_secret"));
        var until = instant(row, "old_secret_until");
        return new SigningKeys(
                seal.open(row.getString("secret"), place(id)),
                old.map(text -> new SigningKeys.Old(seal.open(text, place(id)), until)));
    }

    private static Set<WebhookEvent> events(ResultSet row) throws SQLException {
        var events = EnumSet.noneOf(WebhookEvent.class);
        for (var word : row.getString("events").split(" ", -1)) {
            WebhookEvent.of(word).ifPresent(events::add);
        }
        return events;
    }

    static Listener listener(ResultSet row) throws SQLException {
        var events = events(row);
        var terms = new Terms(URI.create(row.getString("url")), "", events);
        return new Listener(
                row.getLong("id"),
                row.getString("origin"),
                terms.target(),
                events,
                row.getLong("seen"));
    }

    /// Binds all that people change, and its id.
    Update bind(Update update, Subscription subscription) {
        var id = subscription.id();
        var keys = subscription.keys();
        var standing = subscription.standing();
        var events =
                subscription.terms().events().stream()
                        .map(WebhookEvent::word)
                        .collect(Collectors.joining(" "));
        return update.bind("id", id)
                .bind("version", subscription.version())
                .bind("url", subscription.terms().url().toString())
                .bind("description", Columns.text(subscription.terms().description()))
                .bind("events", events)
                .bind("secret", seal.seal(keys.current(), place(id)))
                .bind(
                        "oldSecret",
                        keys.old().map(old -> seal.seal(old.secret(), place(id))).orElse(null))
                .bind("oldUntil", Columns.millis(keys.old().map(SigningKeys.Old::until)))
                .bind("active", standing.active())
                .bind("reason", Columns.text(standing.reason()))
                .bind("seen", standing.seen())
                .bind("updatedAt", subscription.updatedAt().toEpochMilli());
    }
}
