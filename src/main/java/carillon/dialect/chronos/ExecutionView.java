package carillon.dialect.chronos;

import carillon.json.Json;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunState;
import carillon.task.Task;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;

/// A run as Chronos shows it: an execution of a job.
final class ExecutionView {
    private ExecutionView() {}

    /// `output` is that of the newest attempt that has ended. What has not happened is left out.
    static ObjectNode of(Run run, Output output, Task task) {
        var times = run.progress().times();
        var out =
                Json.object()
                        .put("id", Codec.executionId(run.id()))
                        .put("job_id", Codec.jobId(run.task()))
                        .put("job_name", task.definition().name())
                        .put("scheduled_time", scheduledTime(run).toString());
        times.startedAt().ifPresent(at -> out.put("started_at", at.toString()));
        times.finishedAt().ifPresent(at -> out.put("completed_at", at.toString()));
        out.put("status", Codec.status(run.state()))
                .put("attempts", times.startedAt().isPresent() ? run.progress().attemptsUsed() : 0);
        output.statusCode().ifPresent(code -> out.put("status_code", code));
        if (!output.isEmpty()) {
            out.put("response", output.body());
        }
        error(run, out);
        if (times.startedAt().isPresent() && times.finishedAt().isPresent()) {
            var took = Duration.between(times.startedAt().get(), times.finishedAt().get());
            out.put("duration", took.toNanos());
        }
        run.progress().holder().ifPresent(holder -> out.put("node_id", holder.node()));
        return out;
    }

    /// The slot that the run belongs to; for a run without one, when it was asked for.
    static Instant scheduledTime(Run run) {
        return run.occasion()
                .fireTime()
                .orElseGet(() -> run.progress().times().startedAt().orElse(run.dueAt()));
    }

    private static void error(Run run, ObjectNode out) {
        var reason = run.progress().reason();
        if (run.state() == RunState.CANCELLED) {
            out.put("error", reason.isEmpty() ? "cancelled" : "cancelled: " + reason);
        } else if (run.state() != RunState.SUCCEEDED && !reason.isEmpty()) {
            out.put("error", run.count() > 1 ? reason + " (" + run.count() + " times)" : reason);
        }
    }
}
