package carillon.task;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The lists of tasks that are kept up to date as tasks are written, by name: one for each API that
/// cannot express every task. So such a list is paged and counted without reading definitions.
public record TaskLists(Map<String, Rule> rules) {
    /// Knows of no list and leaves those that exist as they are.
    public static final TaskLists NONE = new TaskLists(Map.of());

    /// Which tasks stand in a list. A change of what `holds` says needs a higher `revision`: the
    /// next start then fills the list anew. Of the tasks in a list that is `counted`, it is counted
    /// as they end how their runs did.
    public record Rule(int revision, Predicate<TaskDefinition> holds, boolean counted) {
        public Rule {
            requireNonNull(holds, "holds");
        }

        /// Without counting.
        public Rule(int revision, Predicate<TaskDefinition> holds) {
            this(revision, holds, false);
        }
    }

    public TaskLists {
        rules = Map.copyOf(rules);
    }

    /// Whether the task stands in a list whose runs are counted.
    public boolean areCounted(TaskDefinition definition) {
        return rules.values().stream()
                .anyMatch(rule -> rule.counted() && rule.holds().test(definition));
    }

    /// The names of the lists that the task stands in.
    public Set<String> of(TaskDefinition definition) {
        return rules.entrySet().stream()
                .filter(entry -> entry.getValue().holds().test(definition))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
