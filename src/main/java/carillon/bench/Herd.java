package carillon.bench;

import carillon.action.Nothing;
import carillon.engine.Engine;
import carillon.run.LeaseStore;
import carillon.run.Occasion;
import carillon.run.Trigger;
import carillon.schedule.Every;
import carillon.task.Policies;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Many runs that wait in the queue, all due in the same second, each with a priority of its own.
final class Herd {
    private static final int AT_ONCE = 1_000;

    private final Rig rig;
    private final int runs;
    private final RandomGenerator dice = RandomGenerator.of("L64X128MixRandom");

    Herd(Rig rig, int runs) {
        this.rig = rig;
        this.runs = runs;
    }

    /// What a run is ordered by, and when it began.
    private record Begun(int priority, Instant dueAt, long id, Instant at) {
        static final Comparator<Begun> TURN =
                Comparator.comparingInt(Begun::priority)
                        .reversed()
                        .thenComparing(Begun::dueAt)
                        .thenComparingLong(Begun::id);
    }

    /// Lets an engine loose on them; returns by how long at most a run began before one that should
    /// have begun before it. Attempts under way at the same time begin in any order. Throws when a
    /// run is missing.
    Duration aheadOfTurn() throws InterruptedException {
        long mark = rig.mark();
        enqueue();
        var counted = new Backlog.Counted(FireBench.NOTHING, runs);
        try (var _ = rig.turn(counted, Engine.Limits.DEFAULT)) {
            counted.await();
        }
        var begun = new ArrayList<Begun>();
        rig.rowsAfter(
                mark,
                run ->
                        begun.add(
                                new Begun(
                                        run.occasion().priority(),
                                        run.dueAt(),
                                        run.id().value(),
                                        run.progress().times().startedAt().orElseThrow())));
        Backlog.check(begun.size(), runs);
        begun.sort(Begun.TURN);
        var ahead = Duration.ZERO;
        var latest = Instant.MIN;
        for (var run : begun) {
            if (run.at.isAfter(latest)) {
                latest = run.at;
            }
            var before = Duration.between(run.at, latest);
            ahead = before.compareTo(ahead) > 0 ? before : ahead;
        }
        return ahead;
    }

    private void enqueue() {
        var now = rig.time().instant();
        var never = new Every(Duration.ofDays(365), now.plus(Duration.ofDays(30)));
        var task =
                rig.create(1, now, _ -> Backlog.definition("herd", never, new Nothing()))
                        .getFirst();
        var leases = rig.stores().leases();
        for (int first = 0; first < runs; first += AT_ONCE) {
            leases.enqueue(
                    IntStream.range(first, Math.min(runs, first + AT_ONCE))
                            .mapToObj(
                                    _ ->
                                            new LeaseStore.NewRun(
                                                    leases.newId(),
                                                    task,
                                                    1,
                                                    occasion(now),
                                                    Optional.empty()))
                            .toList(),
                    Optional.empty());
        }
    }

    private Occasion occasion(Instant now) {
        return new Occasion(
                Trigger.API,
                Optional.empty(),
                now.minusMillis(dice.nextInt(1_000)),
                dice.nextInt(Policies.MAX_PRIORITY + 1),
                Optional.empty());
    }
}
