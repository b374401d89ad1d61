package carillon.console;

import static java.util.Objects.requireNonNull;

import carillon.run.RunState;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A part of the list of runs. `state` is the one that is asked for, empty for all; `task` the task
/// whose runs they are, if it is one; `older` is where the next part begins.
public record RunListView(
        String state, Optional<Long> task, List<RunRow> rows, boolean newest, OptionalLong older) {
    private static final String PATH = ConsoleApi.PREFIX + "/runs";

    public RunListView {
        requireNonNull(state, "state");
        requireNonNull(task, "task");
        rows = List.copyOf(rows);
        requireNonNull(older, "older");
    }

    /// What can be asked for.
    public List<String> states() {
        return Arrays.stream(RunState.values()).map(RunState::name).toList();
    }

    /// The stream that keeps the newest part true.
    public String livePath() {
        return PATH + "/live" + query();
    }

    public String newestPath() {
        return PATH + query();
    }

    /// Where the older ones are; only where there are any.
    public String olderPath() {
        return PATH + query() + "&before=" + older.orElseThrow();
    }

    private String query() {
        var named = "?state=" + URLEncoder.encode(state, StandardCharsets.UTF_8);
        return task.map(id -> named + "&task=" + id).orElse(named);
    }
}
