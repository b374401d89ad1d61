package carillon.task;

import static java.util.Objects.requireNonNull;

import carillon.action.Action;
import carillon.schedule.Timetable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What a person wrote down: everything about a task that makes a new version when it changes.
/// Without a timetable the task runs only when asked to.
public record TaskDefinition(
        String name,
        String description,
        Optional<Timetable> timetable,
        Action action,
        Policies policies,
        Map<String, String> tags,
        Optional<Budget> budget,
        Processing processing) {
    public static final int MAX_NAME_LENGTH = 200;

    public TaskDefinition {
        requireNonNull(name, "name");
        requireNonNull(description, "description");
        requireNonNull(timetable, "timetable");
        requireNonNull(action, "action");
        requireNonNull(policies, "policies");
        tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
        requireNonNull(budget, "budget");
        requireNonNull(processing, "processing");
        if (name.isBlank() || name.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException(
                    "a name has 1 to " + MAX_NAME_LENGTH + " characters");
        }
    }

    /// Without a budget of its own, and without processors.
    public TaskDefinition(
            String name,
            String description,
            Optional<Timetable> timetable,
            Action action,
            Policies policies,
            Map<String, String> tags) {
        this(
                name,
                description,
                timetable,
                action,
                policies,
                tags,
                Optional.empty(),
                Processing.NONE);
    }
}
