package carillon.task;

import static java.util.Objects.requireNonNull;

import carillon.action.Action;
import carillon.action.StepKey;
import carillon.action.Workflow;
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

    /// What a step of the workflow is, whose runs this describes: as the whole, but for what it
    /// does and how often it is tried. Throws [IllegalArgumentException] where there is no such
    /// step.
    public TaskDefinition ofStep(StepKey key) {
        if (!(action instanceof Workflow workflow) || key.place() >= workflow.steps().size()) {
            throw new IllegalArgumentException("task " + name + " has no step " + key);
        }
        var step = workflow.steps().get(key.place());
        return new TaskDefinition(
                name,
                description,
                Optional.empty(),
                step.action(),
                policies.ofStep(step.attempts(), step.timeout()),
                tags,
                budget,
                Processing.NONE);
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
