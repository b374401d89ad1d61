package carillon.response;

import static java.util.Objects.requireNonNull;

import carillon.run.ModelAnswer;
import carillon.run.RunId;
import carillon.task.TaskId;
import java.time.Instant;

/// What a model said, as it is stored. `id` is positive, below 2^53, and grows with time; `attempt`
/// is that of the run, which can have a response for each.
public record Response(
        long id, RunId run, int attempt, TaskId task, ModelAnswer answer, Instant createdAt) {
    public Response {
        requireNonNull(run, "run");
        requireNonNull(task, "task");
        requireNonNull(answer, "answer");
        requireNonNull(createdAt, "createdAt");
        if (id < 1 || attempt < 1) {
            throw new IllegalArgumentException("response " + id + " of attempt " + attempt);
        }
    }
}
