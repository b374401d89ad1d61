package carillon.oneshot;

import static java.util.Objects.requireNonNull;

import carillon.run.Run;
import carillon.task.Task;
import java.util.Optional;

/// A one-shot task as it stands: `name` is the client's, where a client of this API made it; `run`
/// is its newest, where it has one.
public record OneShot(Task task, Optional<ClientName> name, Optional<Run> run) {
    public OneShot {
        requireNonNull(task, "task");
        requireNonNull(name, "name");
        requireNonNull(run, "run");
    }
}
