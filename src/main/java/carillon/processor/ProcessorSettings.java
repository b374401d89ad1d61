package carillon.processor;

import static java.util.Objects.requireNonNull;

import carillon.outbox.Backoff;
import java.util.Map;
import java.util.Optional;

/// What an administrator sets for all processors of a type: values that the type needs, such as the
/// mail server's, the template of tasks that give none, and how often a delivery is tried.
public record ProcessorSettings(
        Map<String, String> values, Optional<String> template, Backoff backoff) {
    public static final ProcessorSettings NONE =
            new ProcessorSettings(Map.of(), Optional.empty(), Backoff.DEFAULT);

    public ProcessorSettings {
        values = Map.copyOf(values);
        requireNonNull(template, "template");
        requireNonNull(backoff, "backoff");
    }

    public Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /// Without values: there are secrets among them.
    @Override
    public String toString() {
        return "settings of " + values.keySet();
    }
}
