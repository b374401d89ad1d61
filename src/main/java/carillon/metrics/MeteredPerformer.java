package carillon.metrics;

import carillon.action.Action;
import carillon.run.Lease;
import carillon.run.Outcome;
import carillon.run.Performer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

/// Tells how many attempts are under way, how long they take by what they do and how they end, and
/// how late runs begin.
final class MeteredPerformer implements Performer {
    private static final Duration[] LIMITS = {
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private final Performer performer;
    private final MeterRegistry registry;
    private final InstantSource time;
    private final AtomicInteger underWay = new AtomicInteger();
    private final Timer lateness;

    MeteredPerformer(Performer performer, MeterRegistry registry, InstantSource time) {
        this.performer = performer;
        this.registry = registry;
        this.time = time;
        this.lateness = Metrics.lateness(registry);
        Gauge.builder("carillon.attempts.in.flight", underWay, AtomicInteger::get)
                .description("Attempts under way on this node.")
                .register(registry);
    }

    @Override
    public Outcome perform(Lease lease) throws InterruptedException {
        if (lease.run().attempt() == 1) {
            var late = Duration.between(lease.run().dueAt(), time.instant());
            lateness.record(late.isNegative() ? Duration.ZERO : late);
        }
        underWay.incrementAndGet();
        long begin = System.nanoTime();
        var end = "interrupted";
        try {
            var outcome = performer.perform(lease);
            end = name(outcome);
            return outcome;
        } finally {
            underWay.decrementAndGet();
            timer(lease.definition().action(), end)
                    .record(Duration.ofNanos(System.nanoTime() - begin));
        }
    }

    private Timer timer(Action action, String end) {
        return Timer.builder("carillon.attempts")
                .description("Attempts by what they do and how they end; http are webhooks.")
                .tag("action", action.kind())
                .tag("outcome", end)
                .serviceLevelObjectives(LIMITS)
                .register(registry);
    }

    private static String name(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Succeeded _ -> "succeeded";
            case Outcome.Failed _ -> "failed";
            case Outcome.Postponed _ -> "postponed";
            case Outcome.Skipped _ -> "skipped";
        };
    }
}
