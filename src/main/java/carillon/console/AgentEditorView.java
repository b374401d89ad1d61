package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// An agent's definition being written. `path` is where it is sent; `version` is the one that it
/// replaces, 0 for a new agent; `problems` say why it was not taken.
public record AgentEditorView(
        String heading,
        String path,
        int version,
        String text,
        List<String> problems,
        boolean edits) {
    public AgentEditorView {
        requireNonNull(heading, "heading");
        requireNonNull(path, "path");
        requireNonNull(text, "text");
        problems = List.copyOf(problems);
    }
}
