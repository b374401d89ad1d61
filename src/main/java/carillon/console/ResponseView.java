package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// What a model said, whole, and what it took.
public record ResponseView(List<Fact> facts, String text) {
    public ResponseView {
        facts = List.copyOf(facts);
        requireNonNull(text, "text");
    }
}
