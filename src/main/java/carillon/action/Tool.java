package carillon.action;

import static java.util.Objects.requireNonNull;

/// Something that a model may ask to have done for it. `parameters` is a JSON Schema, as text, of
/// an object with what it must be told.
public record Tool(String name, String description, String parameters) {
    public Tool {
        requireNonNull(name, "name");
        requireNonNull(description, "description");
        requireNonNull(parameters, "parameters");
    }
}
