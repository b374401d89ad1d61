package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A part of the audit log. `verdict` says what a walk along its chain has found, where one was
/// asked for; `older` is where the next part begins.
public record AuditView(List<EntryRow> rows, Optional<Verdict> verdict, OptionalLong older) {
    public AuditView {
        rows = List.copyOf(rows);
        requireNonNull(verdict, "verdict");
        requireNonNull(older, "older");
    }

    /// One change.
    public record EntryRow(
            String at, String actor, String from, String action, String target, String detail) {}

    /// Whether the chain is whole, and what that rests on, or where it is not.
    public record Verdict(boolean whole, String text) {}

    /// Where the older ones are; only where there are any.
    public String olderPath() {
        return ConsoleApi.PREFIX + "/audit?before=" + older.orElseThrow();
    }
}
