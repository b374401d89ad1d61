package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// A definition of something other than a task, being written. `place` says what it is of and where
/// it is sent; `problems` say why it was not taken; `edits` whether whoever looks may send it.
public record DefinitionView(Place place, String text, List<String> problems, boolean edits) {
    /// `version` is the one that is replaced, 0 where there is none or it is not counted. With
    /// `deletion`, which says what that brings, it can be deleted here.
    public record Place(String heading, String path, int version, String deletion) {
        public Place {
            requireNonNull(heading, "heading");
            requireNonNull(path, "path");
            requireNonNull(deletion, "deletion");
        }

        /// Of something new, and of what is deleted elsewhere.
        static Place of(String heading, String path, int version) {
            return new Place(heading, ConsoleApi.PREFIX + path, version, "");
        }

        static Place deletable(String heading, String path, int version, String deletion) {
            return new Place(heading, ConsoleApi.PREFIX + path, version, deletion);
        }
    }

    public DefinitionView {
        requireNonNull(place, "place");
        requireNonNull(text, "text");
        problems = List.copyOf(problems);
    }
}
