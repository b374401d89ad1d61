package carillon.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// What runs of workflows are told from outside, and which of their steps has taken it. Of events
/// of one name the oldest goes to the step that has waited longest; one for which no step waits is
/// kept until one does. Each method is one transaction.
public interface RunEventStore {
    /// How many events a run keeps that no step has taken.
    int MAX_KEPT = 1_000;

    /// `body` is JSON, or empty.
    record NewEvent(String name, String body, Instant at) {
        public NewEvent {
            requireNonNull(name, "name");
            requireNonNull(body, "body");
            requireNonNull(at, "at");
        }
    }

    /// What became of an event.
    sealed interface Told {
        /// The run of a step has ended with it.
        record Taken(Run step) implements Told {}

        /// It waits for a step.
        record Kept() implements Told {}

        /// The workflow's run has ended, or there is none.
        record NotOpen() implements Told {}

        /// The run keeps [#MAX_KEPT] already.
        record TooMany() implements Told {}
    }

    /// Tells the run of a workflow; `places` are those of the steps that wait for such an event.
    Told tell(RunId workflow, Set<Integer> places, NewEvent event);

    /// The body of the event that the run of a step has taken, or takes now; empty when there is
    /// none. A step that asks again is given the same.
    Optional<String> take(Run step, String name);
}
