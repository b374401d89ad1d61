package carillon.console;

import static java.util.Objects.requireNonNull;

/// What a run of a task is to be given, being written; `problem` says why it was not taken.
public record InputView(long task, String name, String text, String problem, boolean operates) {
    public InputView {
        requireNonNull(name, "name");
        requireNonNull(text, "text");
        requireNonNull(problem, "problem");
    }
}
