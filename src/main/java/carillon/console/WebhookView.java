package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalLong;

/// One subscription, and a part of the deliveries to it, newest first. `newest` says whether that
/// is the first part, which is kept true; `older` is where the next one begins.
public record WebhookView(
        long id,
        String target,
        List<Fact> facts,
        List<DeliveryRow> deliveries,
        boolean newest,
        OptionalLong older,
        Doing doing) {
    public WebhookView {
        requireNonNull(target, "target");
        facts = List.copyOf(facts);
        deliveries = List.copyOf(deliveries);
        requireNonNull(older, "older");
        requireNonNull(doing, "doing");
    }

    /// What whoever looks can do about it.
    public record Doing(boolean edits, boolean enables, boolean disables, boolean redelivers) {}

    /// A delivery as one row of a table.
    public record DeliveryRow(
            long id, String when, String type, String state, String tone, int tries, String note) {}

    public String path() {
        return ConsoleApi.PREFIX + "/webhooks/" + id;
    }

    /// Where the older deliveries are; only where there are any.
    public String olderPath() {
        return path() + "?before=" + older.orElseThrow();
    }
}
