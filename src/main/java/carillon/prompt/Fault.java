package carillon.prompt;

import static java.util.Objects.requireNonNull;

/// One thing that is wrong with a prompt; `field` is its path in the definition.
public record Fault(String field, String message) {
    public Fault {
        requireNonNull(field, "field");
        requireNonNull(message, "message");
    }
}
