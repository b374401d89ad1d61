package carillon.task;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalLong;

/// Which tasks to list, newest first: those of the `list` named, of [TaskLists], or all. `before`
/// pages by id (those below it); `offset` skips, for the APIs that page so. `text` is looked for in
/// name and description, without case.
public record TaskQuery(
        Optional<String> list,
        Optional<Boolean> paused,
        Optional<String> text,
        OptionalLong before,
        int offset,
        int limit) {
    public TaskQuery {
        requireNonNull(list, "list");
        requireNonNull(paused, "paused");
        requireNonNull(text, "text");
        requireNonNull(before, "before");
        if (offset < 0 || limit < 0) {
            throw new IllegalArgumentException("offset and limit must not be negative");
        }
    }

    /// The newest `limit` tasks.
    public static TaskQuery newest(int limit) {
        return new TaskQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                0,
                limit);
    }

    /// A part of a list: at most `limit` tasks after the first `offset`.
    public static TaskQuery part(String list, Optional<Boolean> paused, int offset, int limit) {
        return new TaskQuery(
                Optional.of(list), paused, Optional.empty(), OptionalLong.empty(), offset, limit);
    }
}
