package carillon.bench;

import carillon.action.Nothing;
import carillon.engine.Engine;
import carillon.schedule.Once;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/// Many tasks that are all due in the same second: how long until the last of them has begun. The
/// baseline is what the same engine plays a second when it is never short of work. Then as many
/// runs wait in the queue, and are to go by priority and due time ([Herd]).
public final class BurstBench implements Bench {
    private static final int MAX_PROBE = 2_000;

    private final int tasks;

    public BurstBench(int tasks) {
        this.tasks = tasks;
    }

    @Override
    public Result run(Place place) throws InterruptedException {
        try (var rig = place.open()) {
            var backlog = new Backlog(rig, FireBench.NOTHING, Engine.Limits.DEFAULT);
            double warmUp = backlog.rate(tasks, new Nothing());
            double steady = backlog.rate(tasks, new Nothing());
            var due = due(rig);
            var definition = new Once(due);
            rig.create(
                    tasks,
                    rig.time().instant(),
                    i -> Backlog.definition("burst " + i, definition, new Nothing()));
            if (!rig.time().instant().plusSeconds(2).isBefore(due)) {
                throw new IllegalStateException("the tasks were not stored in time: try again");
            }
            long mark = rig.mark();
            var counted = new Backlog.Counted(FireBench.NOTHING, tasks);
            Rig.rest(Duration.between(rig.time().instant(), due.minusSeconds(2)));
            try (var _ = rig.turn(counted, Engine.Limits.DEFAULT)) {
                counted.await();
            }
            var last = lastStart(rig, mark);
            double seconds = Math.max(1, Duration.between(due, last).toMillis()) / 1e3;
            Map<String, Object> more = new LinkedHashMap<>();
            more.put("tasks", tasks);
            more.put("seconds_to_last_start", seconds);
            more.put("lost", 0);
            more.put("cold_rate", warmUp);
            more.put("ahead_of_turn_ms", new Herd(rig, tasks).aheadOfTurn().toMillis());
            return new Result(
                    "burst", place.database(), Spread.of(tasks / seconds), Spread.of(steady), more);
        }
    }

    /// An instant by which all tasks can be stored, judged by storing some that are never due.
    private Instant due(Rig rig) {
        var now = rig.time().instant();
        long begin = System.nanoTime();
        int probe = Math.min(MAX_PROBE, tasks);
        rig.create(probe, now, i -> Backlog.idle(i, now));
        double eachNanos = (double) (System.nanoTime() - begin) / probe;
        return rig.time()
                .instant()
                .plusNanos((long) (eachNanos * tasks * 1.5))
                .plusSeconds(6)
                .truncatedTo(ChronoUnit.SECONDS);
    }

    private Instant lastStart(Rig rig, long mark) {
        var last = new AtomicReference<>(Instant.MIN);
        int rows =
                rig.rowsAfter(
                        mark,
                        run -> {
                            var startedAt = run.progress().times().startedAt().orElseThrow();
                            last.accumulateAndGet(
                                    startedAt, (one, other) -> one.isAfter(other) ? one : other);
                        });
        Backlog.check(rows, tasks);
        return last.get();
    }
}
