package carillon.dialect.a1base;

import carillon.json.Json;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunState;
import carillon.task.Task;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;

/// A run that has ended as A1Base shows it: an execution of a cron job.
final class ExecutionView {
    private ExecutionView() {}

    /// As a row of the history.
    static ObjectNode of(Run run, Output output, Task task) {
        var timing = Timing.of(task.definition()).orElseThrow();
        var out =
                Json.object()
                        .put("id", Codec.executionId(run.id()))
                        .put("cron_job_id", Codec.jobId(run.task()));
        out.setAll(brief(run, output, timing));
        if (run.state() == RunState.SUCCEEDED) {
            out.set(
                    "response_body",
                    output.cut() ? out.textNode(output.body()) : CronJobView.body(output.body()));
        } else {
            var reason = run.progress().reason();
            out.put("error", reason.isEmpty() ? "The execution failed" : reason);
        }
        return out;
    }

    /// As `last_execution` of a job. The time is that of the newest attempt.
    static ObjectNode brief(Run run, Output output, Timing timing) {
        var out =
                Json.object()
                        .put("timestamp", Codec.local(timestamp(run), timing.zone()))
                        .put("status", Codec.status(run.state()));
        output.statusCode()
                .ifPresentOrElse(
                        code -> out.put("response_code", code), () -> out.putNull("response_code"));
        var times = run.progress().times();
        if (times.attemptStartedAt().isPresent() && times.finishedAt().isPresent()) {
            var took = Duration.between(times.attemptStartedAt().get(), times.finishedAt().get());
            return out.put("response_time_ms", took.toMillis());
        }
        return out.putNull("response_time_ms");
    }

    /// The fire time; for a run without one, its start.
    private static Instant timestamp(Run run) {
        return run.occasion()
                .fireTime()
                .orElseGet(() -> run.progress().times().startedAt().orElse(run.dueAt()));
    }
}
