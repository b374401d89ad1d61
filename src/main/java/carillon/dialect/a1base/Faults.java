package carillon.dialect.a1base;

import carillon.web.Refusal;
import carillon.web.Refusal.FieldFault;
import carillon.web.Refusal.Kind;
import carillon.web.RefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is wrong with a request, field by field, so that all of it is told at once.
final class Faults {
    static final String REQUIRED = "Is required";

    private final Map<String, List<String>> byField = new LinkedHashMap<>();

    void add(String field, String message) {
        byField.computeIfAbsent(field, _ -> new ArrayList<>()).add(message);
    }

    /// For a fault that may be a consequence of one that the field has already.
    void addUnlessTold(String field, String message) {
        if (!byField.containsKey(field)) {
            add(field, message);
        }
    }

    /// Throws [RefusedException] when there is something.
    void refuse() {
        if (byField.isEmpty()) {
            return;
        }
        var faults = new ArrayList<FieldFault>();
        byField.forEach(
                (field, messages) ->
                        messages.forEach(message -> faults.add(new FieldFault(field, message))));
        throw new RefusedException(new Refusal(Kind.INVALID, summary(), faults, Map.of()));
    }

    private String summary() {
        var names = String.join(", ", byField.keySet());
        boolean allMissing =
                byField.values().stream().allMatch(messages -> messages.contains(REQUIRED));
        if (byField.size() > 1) {
            return (allMissing ? "Missing values: " : "Invalid values: ") + names;
        }
        return allMissing ? "Missing " + names + " value" : "Invalid " + names + " value";
    }
}
