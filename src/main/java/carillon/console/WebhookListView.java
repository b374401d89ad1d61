package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalLong;

/// A part of the subscriptions, oldest first. `more` is where the next part begins; `edits` says
/// whether whoever looks may make and change them.
public record WebhookListView(List<WebhookRow> rows, OptionalLong more, boolean edits) {
    public WebhookListView {
        rows = List.copyOf(rows);
        requireNonNull(more, "more");
    }

    /// A subscription as one row of a table; `note` is why it is not told, or since when its target
    /// has been failing.
    public record WebhookRow(
            long id,
            String target,
            String description,
            String events,
            String state,
            String tone,
            String note) {}

    /// Where the next ones are; only where there are any.
    public String morePath() {
        return ConsoleApi.PREFIX + "/webhooks?after=" + more.orElseThrow();
    }
}
