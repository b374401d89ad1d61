package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.ai.Model;
import carillon.ai.Reply;
import carillon.ai.Spending;
import carillon.task.RetryOn;
import carillon.task.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Asks a row until there is an answer or no hope. A model that says "too many requests" is left
/// alone by all rows for as long as it wants, which uses up no attempt.
final class Attempts {
    private static final RetryOn TOO_MANY = new RetryOn("429");
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration MAX_PAUSE = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofHours(1);

    private final RowAsker asker;
    private final RetryPolicy policy;
    private final InstantSource time;
    private final RandomGenerator dice;
    private final CountDownLatch stop;

    /// Until when models are left alone, by name.
    private final Map<String, Instant> pauses = new ConcurrentHashMap<>();

    /// After `stop` nobody waits any more.
    Attempts(
            RowAsker asker,
            RetryPolicy policy,
            InstantSource time,
            RandomGenerator dice,
            CountDownLatch stop) {
        this.asker = requireNonNull(asker, "asker");
        this.policy = requireNonNull(policy, "policy");
        this.time = requireNonNull(time, "time");
        this.dice = requireNonNull(dice, "dice");
        this.stop = requireNonNull(stop, "stop");
    }

    /// What became of a row, and what its tries may have cost beyond what its result counts.
    record Done(Result result, int uncounted) {}

    /// The end of the tries; empty when they were given up since the batch stops.
    Optional<Done> ask(Model model, Row row) throws InterruptedException {
        int failed = 0;
        int refusals = 0;
        int uncounted = 0;
        var spending = Spending.NONE;
        var began = time.instant();
        while (waitForTurn(model.name())) {
            var asked = asker.ask(model, row);
            spending = spending.plus(asked.spending());
            var result = result(row, asked, spending, failed + refusals);
            if (!(asked.reply() instanceof Reply.Failure failure)) {
                return Optional.of(new Done(result, uncounted));
            }
            uncounted += failure.mayHaveCost() ? 1 : 0;
            if (isTooMany(failure)) {
                if (isOutOfPatience(began)) {
                    return Optional.of(new Done(result, uncounted));
                }
                pause(model.name(), failure, ++refusals);
            } else if (!isWorthAnother(failure, ++failed)) {
                return Optional.of(new Done(result, uncounted));
            } else if (!rest(failure, failed)) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private boolean isTooMany(Reply.Failure failure) {
        return failure.kinds().contains(TOO_MANY) && policy.retryOn().contains(TOO_MANY);
    }

    private boolean isOutOfPatience(Instant began) {
        return Duration.between(began, time.instant()).compareTo(PATIENCE) > 0;
    }

    private boolean isWorthAnother(Reply.Failure failure, int failed) {
        return failed < policy.attempts()
                && !Collections.disjoint(policy.retryOn(), failure.kinds());
    }

    /// Waits before the next try; returns false when the batch stops.
    private boolean rest(Reply.Failure failure, int failed) throws InterruptedException {
        var drawn = policy.delay(failed, dice);
        var asked = failure.retryAfter().orElse(Duration.ZERO);
        var wait = asked.compareTo(drawn) > 0 ? asked : drawn;
        return !stop.await(wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void pause(String model, Reply.Failure failure, int refusals) {
        var grown = FIRST_PAUSE.multipliedBy(1L << Math.min(refusals - 1, 6));
        var wait = failure.retryAfter().orElse(grown.compareTo(MAX_PAUSE) < 0 ? grown : MAX_PAUSE);
        var until = time.instant().plus(wait);
        pauses.merge(model, until, (one, other) -> one.isAfter(other) ? one : other);
    }

    /// Returns false when the batch stops.
    private boolean waitForTurn(String model) throws InterruptedException {
        while (stop.getCount() > 0) {
            var until = pauses.get(model);
            var now = time.instant();
            if (until == null || !now.isBefore(until)) {
                return true;
            }
            if (stop.await(Duration.between(now, until).toMillis() + 1, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return false;
    }

    private Result result(Row row, RowAsker.Asked asked, Spending spending, int retries) {
        var answer =
                switch (asked.reply()) {
                    case Reply.Answer said -> Optional.of(said.text());
                    case Reply.Failure _ -> Optional.<String>empty();
                };
        var error =
                switch (asked.reply()) {
                    case Reply.Answer _ -> "";
                    case Reply.Failure failure -> failure.reason();
                };
        return new Result(
                row.id(),
                Optional.of(row),
                answer,
                error,
                spending,
                asked.model(),
                retries,
                time.instant().truncatedTo(ChronoUnit.MILLIS));
    }
}
