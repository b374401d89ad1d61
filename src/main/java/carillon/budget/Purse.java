package carillon.budget;

import static java.util.Objects.requireNonNull;

import carillon.task.Budget;
import carillon.task.TaskId;
import java.time.Instant;
import java.util.Locale;

/// A budget in one of its periods, from which calls are paid. `budget` is the id of the task or of
/// the stored budget, which share one row of numbers; `label` is for people.
public record Purse(long budget, String label, Budget terms, Span span) {
    public Purse {
        requireNonNull(label, "label");
        requireNonNull(terms, "terms");
        requireNonNull(span, "span");
    }

    public static Purse of(TaskId task, Budget terms, Instant now) {
        return of(task.value(), "task " + task, terms, now);
    }

    public static Purse of(StoredBudget stored, Instant now) {
        return of(stored.id(), stored.label(), stored.terms(), now);
    }

    private static Purse of(long budget, String label, Budget terms, Instant now) {
        return new Purse(budget, label, terms, Span.of(terms.period(), terms.zone(), now));
    }

    /// In nanodollars.
    public long limit() {
        return Money.nanodollars(terms.limit());
    }

    public Key key() {
        return new Key(budget, span.start());
    }

    /// Tells purses from each other.
    public record Key(long budget, Instant start) implements Comparable<Key> {
        public Key {
            requireNonNull(start, "start");
        }

        /// The order in which purses are locked.
        @Override
        public int compareTo(Key other) {
            int byBudget = Long.compare(budget, other.budget);
            return byBudget != 0 ? byBudget : start.compareTo(other.start);
        }
    }

    /// Such as `the budget of tag blue, $1.00 a day`.
    String words() {
        return "the budget of "
                + label
                + ", "
                + Money.words(limit())
                + " a "
                + terms.period().name().toLowerCase(Locale.ROOT);
    }
}
