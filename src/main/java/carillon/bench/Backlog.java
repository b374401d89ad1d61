package carillon.bench;

import carillon.action.Action;
import carillon.action.Nothing;
import carillon.engine.Engine;
import carillon.run.Lease;
import carillon.run.Outcome;
import carillon.run.Performer;
import carillon.schedule.Every;
import carillon.schedule.Schedule;
import carillon.schedule.Timetable;
import carillon.task.MisfirePolicy;
import carillon.task.Policies;
import carillon.task.TaskDefinition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A known number of fire times, all due by the time that the engine starts, and how long it takes
/// to play them.
final class Backlog {
    private static final Duration APART = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /// How many of its fire times are due when the planner comes to a task.
    static final int SLOTS = 10;

    /// Whatever is late still runs.
    private static final Policies POLICIES =
            new Policies(
                    Policies.DEFAULT.retry(),
                    Duration.ofSeconds(30),
                    Policies.DEFAULT.concurrency(),
                    new MisfirePolicy(
                            MisfirePolicy.Kind.FIRE_ALL,
                            MisfirePolicy.MAX_LIMIT,
                            Duration.ofDays(1)),
                    Policies.DEFAULT.delivery(),
                    Duration.ZERO,
                    Policies.DEFAULT_PRIORITY);

    private final List<Rig> nodes;
    private final Rig rig;
    private final Performer performer;
    private final Engine.Limits limits;

    Backlog(Rig rig, Performer performer, Engine.Limits limits) {
        this(List.of(rig), performer, limits);
    }

    /// All nodes play together; they share a database.
    Backlog(List<Rig> nodes, Performer performer, Engine.Limits limits) {
        this.nodes = List.copyOf(nodes);
        this.rig = nodes.getFirst();
        this.performer = performer;
        this.limits = limits;
    }

    static TaskDefinition definition(String name, Timetable timetable, Action action) {
        return new TaskDefinition(name, "", Optional.of(timetable), action, POLICIES, Map.of());
    }

    static TaskDefinition definition(String name, Schedule schedule, Action action) {
        return definition(name, Timetable.of(schedule), action);
    }

    /// A task that is not due for a month.
    static TaskDefinition idle(int number, Instant now) {
        var never = new Every(Duration.ofDays(365), now.plus(Duration.ofDays(30)));
        return definition("idle " + number, never, new Nothing());
    }

    /// Makes tasks with [#SLOTS] fire times each, lets the engines loose on them, and returns how
    /// many they played a second, from their start until the last end was on disk and they had
    /// stopped. Throws when a run is missing.
    double rate(long wanted, Action action) throws InterruptedException {
        int tasks = (int) Math.ceilDiv(wanted, SLOTS);
        long runs = (long) tasks * SLOTS;
        long mark = rig.mark();
        var start = rig.time().instant().truncatedTo(ChronoUnit.MILLIS);
        var timetable = timetable(start);
        var ids =
                rig.create(
                        tasks,
                        start.minusMillis(1),
                        i -> definition("bench " + i, timetable, action));
        // A server that has run for a while has read the definitions of its tasks before.
        for (var node : nodes) {
            var stored = node.stores().tasks();
            check(ids.stream().filter(id -> stored.find(id).isPresent()).count(), tasks);
        }
        Rig.rest(APART.multipliedBy(SLOTS));
        var counted = new Counted(performer, runs);
        long begin = System.nanoTime();
        play(nodes, counted);
        double seconds = (System.nanoTime() - begin) / 1e9;
        check(rig.rowsAfter(mark, _ -> {}), runs);
        return runs / seconds;
    }

    /// With one engine more at each call, until there is one on each node.
    private void play(List<Rig> still, Counted counted) throws InterruptedException {
        if (still.isEmpty()) {
            counted.await();
            return;
        }
        try (var _ = still.getFirst().turn(counted, limits)) {
            play(still.subList(1, still.size()), counted);
        }
    }

    private static Timetable timetable(Instant start) {
        return new Timetable(
                new Every(APART, start),
                Optional.of(start),
                Optional.of(start.plus(APART.multipliedBy(SLOTS))),
                OptionalLong.empty(),
                Set.of());
    }

    static void check(long rows, long runs) {
        if (rows != runs) {
            throw new IllegalStateException("only %d of %d by the database".formatted(rows, runs));
        }
    }

    /// Tells when a number of attempts have been made.
    static final class Counted implements Performer {
        private final Performer performer;
        private final AtomicLong left;
        private final CountDownLatch done = new CountDownLatch(1);

        Counted(Performer performer, long attempts) {
            this.performer = performer;
            this.left = new AtomicLong(attempts);
        }

        @Override
        public Outcome perform(Lease lease) throws InterruptedException {
            var outcome = performer.perform(lease);
            if (left.decrementAndGet() == 0) {
                done.countDown();
            }
            return outcome;
        }

        void await() throws InterruptedException {
            if (!done.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(left + " runs had not run after " + PATIENCE);
            }
        }
    }
}
