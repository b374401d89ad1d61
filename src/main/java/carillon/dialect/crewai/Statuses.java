package carillon.dialect.crewai;

import carillon.run.Run;
import carillon.run.RunState;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// This API's words for how runs stand.
final class Statuses {
    static final List<String> ALL =
            List.of("pending", "running", "paused", "completed", "failed", "cancelled", "skipped");

    private Statuses() {}

    /// Of an execution of a workflow, or of a task.
    static String of(Run run, boolean paused) {
        return switch (run.state()) {
            case QUEUED, RUNNING -> paused ? "paused" : open(run);
            case SUCCEEDED -> "completed";
            case FAILED -> "failed";
            case CANCELLED -> "cancelled";
            case SKIPPED, MISSED -> "skipped";
        };
    }

    /// A run that waits for its next attempt has begun.
    private static String open(Run run) {
        boolean begun = run.state() == RunState.RUNNING || run.attempt() > 0;
        return begun ? "running" : "pending";
    }

    /// The states that a status can stand for.
    static Set<RunState> states(Optional<String> status) {
        return switch (status.orElse("")) {
            case "" -> Set.of();
            case "pending", "running", "paused" -> EnumSet.of(RunState.QUEUED, RunState.RUNNING);
            case "completed" -> EnumSet.of(RunState.SUCCEEDED);
            case "failed" -> EnumSet.of(RunState.FAILED);
            case "cancelled" -> EnumSet.of(RunState.CANCELLED);
            default -> EnumSet.of(RunState.SKIPPED, RunState.MISSED);
        };
    }
}
