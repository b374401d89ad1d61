package carillon.bench;

import carillon.action.Nothing;
import carillon.engine.Engine;
import carillon.schedule.Every;
import carillon.schedule.Timetable;
import carillon.task.TaskDefinition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// How late runs begin, by their rows, when tasks fire at a steady rate, spread over each second,
/// beside many tasks that are stored and idle. The baseline is the rate that was asked for.
public final class LateBench implements Bench {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration YEAR = Duration.ofDays(365);

    private final int rate;
    private final int stored;
    private final Duration length;

    public LateBench(int rate, int stored, Duration length) {
        this.rate = rate;
        this.stored = stored;
        this.length = length;
    }

    @Override
    public Result run(Place place) throws InterruptedException {
        try (var rig = place.open()) {
            var now = rig.time().instant();
            rig.create(stored, now, i -> idle(i, now));
            var begin =
                    rig.time()
                            .instant()
                            .plus(Duration.ofSeconds(3))
                            .truncatedTo(ChronoUnit.SECONDS);
            var end = begin.plus(WARM_UP).plus(length);
            rig.create(rate, now, i -> firing(i, begin, end));
            long mark = rig.mark();
            try (var _ = rig.turn(FireBench.NOTHING, Engine.Limits.DEFAULT)) {
                Rig.rest(Duration.between(rig.time().instant(), end.plusSeconds(1)));
            }
            return result(place, rig, mark, begin.plus(WARM_UP));
        }
    }

    private Result result(Place place, Rig rig, long mark, Instant from) {
        var times = new ArrayList<Long>();
        rig.rowsAfter(
                mark,
                run -> {
                    var fireTime = run.occasion().fireTime().orElseThrow();
                    if (!fireTime.isBefore(from)) {
                        var startedAt = run.progress().times().startedAt().orElseThrow();
                        times.add(Duration.between(fireTime, startedAt).toMillis());
                    }
                });
        long expected = rate * length.toMillis() / PERIOD.toMillis();
        Backlog.check(times.size(), expected);
        Map<String, Object> more = new LinkedHashMap<>();
        more.putAll(new Lateness(times.stream().mapToLong(Long::longValue).toArray()).figures());
        more.put("stored", stored);
        return new Result(
                "late",
                place.database(),
                Spread.of(times.size() * 1e3 / length.toMillis()),
                Spread.of(rate),
                more);
    }

    private TaskDefinition idle(int number, Instant now) {
        var anchor = now.plus(Duration.ofDays(30)).plusSeconds(number);
        return Backlog.definition("idle " + number, new Every(YEAR, anchor), new Nothing());
    }

    private TaskDefinition firing(int number, Instant begin, Instant end) {
        var anchor = begin.plus(PERIOD.multipliedBy(number).dividedBy(rate));
        var timetable =
                new Timetable(
                        new Every(PERIOD, anchor),
                        Optional.of(begin),
                        Optional.of(end),
                        OptionalLong.empty(),
                        Set.of());
        return Backlog.definition("firing " + number, timetable, new Nothing());
    }
}
