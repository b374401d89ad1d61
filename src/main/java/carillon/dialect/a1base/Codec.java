package carillon.dialect.a1base;

import carillon.run.RunId;
import carillon.run.RunState;
import carillon.task.TaskId;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A1Base's words for ids, times and states.
final class Codec {
    static final String SUCCESS = "success";
    static final String FAILED = "failed";

    private static final Pattern JOB = Pattern.compile("crn_([1-9]\\d{0,15})");
    private static final DateTimeFormatter WITH_OFFSET =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx");

    private Codec() {}

    static String jobId(TaskId id) {
        return "crn_" + id;
    }

    /// Empty when the text is not the id of a job.
    static Optional<TaskId> taskId(String text) {
        var matcher = JOB.matcher(text);
        return matcher.matches()
                ? Optional.of(new TaskId(Long.parseLong(matcher.group(1))))
                : Optional.empty();
    }

    static String executionId(RunId id) {
        return "exe_" + id;
    }

    /// The instant as it is on the clocks of the job's zone, to the second.
    static String local(Instant at, ZoneId zone) {
        return WITH_OFFSET.format(at.atZone(zone));
    }

    static String utc(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// The states that an execution with this status can have.
    static Set<RunState> states(String status) {
        return status.equals(SUCCESS)
                ? Set.of(RunState.SUCCEEDED)
                : Set.of(RunState.FAILED, RunState.CANCELLED);
    }

    /// Only runs that were attempted, or were to be when somebody cancelled them, are executions.
    static Set<RunState> executed() {
        return Set.of(RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED);
    }

    static String status(RunState state) {
        return state == RunState.SUCCEEDED ? SUCCESS : FAILED;
    }
}
