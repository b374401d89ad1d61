package carillon.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What is to be written for one task: rows for the fire times decided, and where its schedule
/// stands then. `nextFireAt` is the first fire time without a row; `lookAgainAt` is when the
/// planner is to look at the task again (absent exactly when there is no next fire time);
/// `runsAdded` is how many of the decided fire times were to run, for `maxRuns`.
public record Plan(
        List<Slot> slots,
        Optional<Instant> nextFireAt,
        Optional<Instant> lookAgainAt,
        long runsAdded) {
    public Plan {
        slots = List.copyOf(slots);
        requireNonNull(nextFireAt, "nextFireAt");
        requireNonNull(lookAgainAt, "lookAgainAt");
    }

    /// One row to be.
    public sealed interface Slot {
        Instant fireTime();

        /// A run to be started at `dueAt`.
        record Open(Instant fireTime, Instant dueAt) implements Slot {
            public Open {
                requireNonNull(fireTime, "fireTime");
                requireNonNull(dueAt, "dueAt");
            }
        }

        /// `count` fire times, from `fireTime` to `lastFireTime`, that do not run. Where the task's
        /// newest row is a closed one with the same state and reason, it is extended instead.
        record Closed(
                Instant fireTime, Instant lastFireTime, long count, RunState state, String reason)
                implements Slot {
            public Closed {
                requireNonNull(fireTime, "fireTime");
                requireNonNull(lastFireTime, "lastFireTime");
                requireNonNull(reason, "reason");
                if (state != RunState.SKIPPED && state != RunState.MISSED) {
                    throw new IllegalArgumentException("not a fate of a slot: " + state);
                }
                if (count < 1 || lastFireTime.isBefore(fireTime)) {
                    throw new IllegalArgumentException("an empty range");
                }
            }
        }
    }
}
