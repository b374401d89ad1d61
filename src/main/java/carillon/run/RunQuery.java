package carillon.run;

import static java.util.Objects.requireNonNull;

import carillon.task.TaskId;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Which runs to list, newest first. An empty set of states means all. `before` pages by id (those
/// below it); `offset` skips, for the APIs that page so.
public record RunQuery(
        Optional<TaskId> task, Set<RunState> states, OptionalLong before, int offset, int limit) {
    public RunQuery {
        requireNonNull(task, "task");
        states = Set.copyOf(states);
        requireNonNull(before, "before");
        if (offset < 0 || limit < 0) {
            throw new IllegalArgumentException("offset and limit must not be negative");
        }
    }
}
