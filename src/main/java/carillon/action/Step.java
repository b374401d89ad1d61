package carillon.action;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// One step of a workflow. `dependsOn` are names of other steps that must have ended before. A step
/// whose `when` does not hold is skipped. One that `compensates` another is done only when the
/// workflow has failed and the other, or an item of its list, has succeeded, after all that do not.
public record Step(
        String name,
        Action action,
        List<String> dependsOn,
        Rank rank,
        Optional<Condition> when,
        Feed feed,
        Tries tries,
        Optional<String> compensates) {
    public static final int MAX_NAME_LENGTH = 200;

    /// Steps with a lower `order` come first in a linear workflow; of steps that are ready at once,
    /// those with a higher `priority` start first.
    public record Rank(int order, int priority) {
        public static final Rank NONE = new Rank(0, 0);
    }

    /// What a step is given: under each name, what stands at the path when it begins. With
    /// `forEach` it is done once for each item of the list at that path, all at once, and paths can
    /// begin with `item` and `index`.
    public record Feed(Map<String, ValuePath> inputs, Optional<ValuePath> forEach) {
        public static final Feed NOTHING = new Feed(Map.of(), Optional.empty());
        public static final int MAX_INPUTS = 50;

        public Feed {
            inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
            requireNonNull(forEach, "forEach");
        }

        public boolean isEmpty() {
            return inputs.isEmpty() && forEach.isEmpty();
        }
    }

    /// What the end of a step that has failed means for those that have not begun.
    public enum OnFailure {
        /// None of them begins any more.
        STOP,
        /// Only those that depend on it are skipped.
        CONTINUE
    }

    /// How often it is tried, from 1 to 100, and how long a try may take; what is absent is as the
    /// task says.
    public record Tries(OnFailure onFailure, OptionalInt attempts, Optional<Duration> timeout) {
        public static final Tries STOP =
                new Tries(OnFailure.STOP, OptionalInt.empty(), Optional.empty());

        public Tries {
            requireNonNull(onFailure, "onFailure");
            requireNonNull(attempts, "attempts");
            requireNonNull(timeout, "timeout");
        }
    }

    public Step {
        requireNonNull(action, "action");
        dependsOn = List.copyOf(dependsOn);
        requireNonNull(rank, "rank");
        requireNonNull(when, "when");
        requireNonNull(feed, "feed");
        requireNonNull(tries, "tries");
        requireNonNull(compensates, "compensates");
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

    /// One that compensates none.
    public Step(
            String name,
            Action action,
            List<String> dependsOn,
            Rank rank,
            Optional<Condition> when,
            Feed feed,
            Tries tries) {
        this(name, action, dependsOn, rank, when, feed, tries, Optional.empty());
    }

    /// A step that depends on others, and has nothing else special.
    public static Step of(String name, Action action, String... dependsOn) {
        return new Step(
                name,
                action,
                List.of(dependsOn),
                Rank.NONE,
                Optional.empty(),
                Feed.NOTHING,
                Tries.STOP);
    }

    /// The same, done in the place of what that step has done when the workflow has failed.
    public Step compensating(String other) {
        return new Step(name, action, dependsOn, rank, when, feed, tries, Optional.of(other));
    }

    public boolean isCompensation() {
        return compensates.isPresent();
    }

    public int order() {
        return rank.order;
    }

    public int priority() {
        return rank.priority;
    }

    public OnFailure onFailure() {
        return tries.onFailure;
    }

    public OptionalInt attempts() {
        return tries.attempts;
    }

    public Optional<Duration> timeout() {
        return tries.timeout;
    }
}
