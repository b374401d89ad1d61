package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalLong;

/// A part of the agents, newest first. `older` is where the next part begins; `edits` says whether
/// whoever looks may make one.
public record AgentListView(List<AgentRow> rows, OptionalLong older, boolean edits) {
    public AgentListView {
        rows = List.copyOf(rows);
        requireNonNull(older, "older");
    }

    /// An agent as one row of a table.
    public record AgentRow(
            long id, String name, String role, String model, String tools, String state) {
        /// The state as the style sheet names it.
        public String tone() {
            return state.equals(AgentRoutes.ACTIVE) ? "succeeded" : "skipped";
        }
    }

    /// Where the older ones are; only where there are any.
    public String olderPath() {
        return ConsoleApi.PREFIX + "/agents?before=" + older.orElseThrow();
    }
}
