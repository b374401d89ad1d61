package carillon.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// The parts of a native schedule that no dialect has a field for, and that stay when a dialect
/// changes the rule.
public final class Bounds {
    private static final List<String> NAMES = List.of("start", "end", "max_runs", "exclude");

    private Bounds() {}

    /// Copies the bounds of the native schedule `old`, which may be missing, to `rule`.
    public static ObjectNode keep(JsonNode old, ObjectNode rule) {
        for (var name : NAMES) {
            if (old.hasNonNull(name)) {
                rule.set(name, old.get(name));
            }
        }
        return rule;
    }
}
