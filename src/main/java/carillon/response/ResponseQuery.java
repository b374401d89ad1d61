package carillon.response;

import static java.util.Objects.requireNonNull;

import carillon.task.TaskId;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// Which responses to list, newest first: of a task, of a model by the name that tasks call it,
/// with these words, made from `from` on and before `to`. `before` pages by id (those below it).
public record ResponseQuery(
        Optional<TaskId> task,
        Optional<String> model,
        Optional<Search> search,
        Optional<Instant> from,
        Optional<Instant> to,
        OptionalLong before,
        int limit) {
    public ResponseQuery {
        requireNonNull(task, "task");
        requireNonNull(model, "model");
        requireNonNull(search, "search");
        requireNonNull(from, "from");
        requireNonNull(to, "to");
        requireNonNull(before, "before");
        if (limit < 0) {
            throw new IllegalArgumentException("limit must not be negative");
        }
    }
}
