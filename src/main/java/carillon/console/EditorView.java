package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/// A task's definition being written. `path` is where it is sent; `task` and `version` are those
/// that it replaces, if any; `problems` say why it was not taken.
public record EditorView(
        String heading,
        String path,
        Optional<Long> task,
        int version,
        String text,
        List<String> problems,
        boolean edits) {
    public EditorView {
        requireNonNull(heading, "heading");
        requireNonNull(path, "path");
        requireNonNull(task, "task");
        requireNonNull(text, "text");
        problems = List.copyOf(problems);
    }
}
