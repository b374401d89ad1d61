package carillon.console;

import static java.util.Objects.requireNonNull;

/// A step of a run of a workflow as one row of a table. `name` says which pass of a loop and which
/// item of a list it is, where there are several.
public record StepRow(
        long run, String name, String state, String tone, String timing, String note) {
    public StepRow {
        requireNonNull(name, "name");
        requireNonNull(state, "state");
        requireNonNull(tone, "tone");
        requireNonNull(timing, "timing");
        requireNonNull(note, "note");
    }
}
