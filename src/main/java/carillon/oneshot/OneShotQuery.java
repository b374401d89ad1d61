package carillon.oneshot;

import static java.util.Objects.requireNonNull;

import carillon.run.RunState;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Which one-shot tasks of an API's list to list. `states` are those of a task's newest run, all
/// when the set is empty; a task that has no run yet counts as queued.
public record OneShotQuery(
        String api,
        Set<RunState> states,
        Optional<String> batch,
        Created created,
        Order order,
        int offset,
        int limit) {
    /// When they were made, both ends excluded.
    public record Created(Optional<Instant> after, Optional<Instant> before) {
        public static final Created ANY = new Created(Optional.empty(), Optional.empty());

        public Created {
            requireNonNull(after, "after");
            requireNonNull(before, "before");
        }
    }

    public enum Field {
        CREATED,
        UPDATED,
        NAME
    }

    /// Those that are alike come in the order in which they were made.
    public record Order(Field field, boolean ascending) {
        public static final Order NEWEST = new Order(Field.CREATED, false);

        public Order {
            requireNonNull(field, "field");
        }
    }

    public OneShotQuery {
        requireNonNull(api, "api");
        states = Set.copyOf(states);
        requireNonNull(batch, "batch");
        requireNonNull(created, "created");
        requireNonNull(order, "order");
        if (offset < 0 || limit < 0) {
            throw new IllegalArgumentException("offset and limit must not be negative");
        }
    }

    /// The newest of all.
    public static OneShotQuery newest(String api, int limit) {
        return new OneShotQuery(
                api, Set.of(), Optional.empty(), Created.ANY, Order.NEWEST, 0, limit);
    }
}
