package carillon.outbox;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// What becomes of a delivery after a try.
public sealed interface Ending {
    record Delivered() implements Ending {}

    record Again(Instant at, String error) implements Ending {
        public Again {
            requireNonNull(at, "at");
            requireNonNull(error, "error");
        }
    }

    record GivenUp(String error) implements Ending {
        public GivenUp {
            requireNonNull(error, "error");
        }
    }

    /// The ending of the try that `delivery` counts as its newest. A target that asks for a longer
    /// wait than the backoff's gets it, as long as there is time for it.
    static Ending of(
            Delivery delivery,
            Carried carried,
            Backoff backoff,
            Instant now,
            RandomGenerator dice) {
        return switch (carried) {
            case Carried.Done() -> new Delivered();
            case Carried.Refused(var reason) -> new GivenUp(reason);
            case Carried.Failed failed -> again(delivery, failed, backoff, now, dice);
        };
    }

    private static Ending again(
            Delivery delivery,
            Carried.Failed failed,
            Backoff backoff,
            Instant now,
            RandomGenerator dice) {
        int made = delivery.progress().attempts();
        if (made >= backoff.attempts()) {
            return new GivenUp(failed.reason() + " (given up after " + made + " attempts)");
        }
        var drawn = backoff.delay(made, dice);
        var asked = failed.asked().orElse(Duration.ZERO);
        var at = now.plus(drawn.compareTo(asked) > 0 ? drawn : asked);
        if (at.isAfter(delivery.progress().createdAt().plus(Backoff.MAX_AGE))) {
            return new GivenUp(failed.reason() + " (given up after a day)");
        }
        return new Again(at, failed.reason());
    }
}
