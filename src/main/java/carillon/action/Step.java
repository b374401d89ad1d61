package carillon.action;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// One step of a workflow. `dependsOn` are names of other steps that must have ended before. Steps
/// with a lower `order` come first in a linear workflow; of steps that are ready at once, those
/// with a higher `priority` start first. A step whose `when` does not hold is skipped.
public record Step(
        String name,
        Action action,
        List<String> dependsOn,
        int order,
        int priority,
        Optional<Condition> when,
        OnFailure onFailure) {
    public static final int MAX_NAME_LENGTH = 200;

    /// What the end of a step that has failed means for those that have not begun.
    public enum OnFailure {
        /// None of them begins any more.
        STOP,
        /// Only those that depend on it are skipped.
        CONTINUE
    }

    public Step {
        requireNonNull(action, "action");
        dependsOn = List.copyOf(dependsOn);
        requireNonNull(when, "when");
        requireNonNull(onFailure, "onFailure");
        if (name.isBlank() || name.length() > MAX_NAME_LENGTH || name.contains(".")) {
            throw new IllegalArgumentException(
                    "a step's name has 1 to "
                            + MAX_NAME_LENGTH
                            + " characters, none of them a dot");
        }
        if (new HashSet<>(dependsOn).size() < dependsOn.size()) {
            throw new IllegalArgumentException("a dependency is named twice: " + dependsOn);
        }
    }

    /// A step that depends on others, and has nothing else special.
    public static Step of(String name, Action action, String... dependsOn) {
        return new Step(name, action, List.of(dependsOn), 0, 0, Optional.empty(), OnFailure.STOP);
    }
}
