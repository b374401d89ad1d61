package carillon.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Cells in a model: each is a database with its nodes that does so many fires a second, has its
/// own tasks by the hash of their ids, and knows nothing of the others. What one cell does is
/// measured first, on the database at hand; the rest is counted out, in steps of 10 ms. At half of
/// the time one cell does nothing for as long as a takeover lasts. Beside the fires that were done,
/// those that were due.
public final class CellsBench implements Bench {
    private static final Duration MEASURED = Duration.ofSeconds(5);
    private static final int ROUNDS = 3;
    private static final Duration LENGTH = Duration.ofMinutes(10);
    private static final int STEPS_A_SECOND = 100;

    /// Each task fires once an hour.
    private static final int SECONDS_AN_HOUR = 3_600;

    /// The lease, and the second that it takes until a rescuer looks.
    private static final Duration TAKEOVER = Duration.ofSeconds(11);

    private final List<Integer> cells;
    private final double load;
    private final double aligned;

    /// For each of these numbers of cells. `load` is the part of what a cell can do that is due on
    /// average, `aligned` the part of the fires that are due at the full minute; both from 0 to 1.
    public CellsBench(List<Integer> cells, double load, double aligned) {
        this.cells = List.copyOf(cells);
        this.load = load;
        this.aligned = aligned;
    }

    /// Measures what one cell does, then simulates.
    public List<Result> runAll(Place place) throws InterruptedException {
        double one = new FireBench(ROUNDS, MEASURED, 1).run(place).rate().median();
        var results = new ArrayList<Result>();
        for (int count : cells) {
            results.add(simulate(place.database(), count, one));
        }
        return results;
    }

    @Override
    public Result run(Place place) throws InterruptedException {
        return runAll(place).getLast();
    }

    /// Of `count` cells that do `one` fires a second each.
    Result simulate(String database, int count, double one) {
        long tasks = ((long) (one * load * SECONDS_AN_HOUR)) * count;
        var dice = new SplittableRandom(count);
        var late = new Weighted();
        var lateElsewhere = new Weighted();
        double done = 0;
        double due = 0;
        double drained = 0;
        double fullest = 0;
        for (int cell = 0; cell < count; cell++) {
            double share = share(tasks, count, dice);
            fullest = Math.max(fullest, share / SECONDS_AN_HOUR / one);
            var outcome = play(share / SECONDS_AN_HOUR, one, cell == 0, dice);
            late.addAll(outcome.late);
            done += outcome.done;
            due += outcome.due;
            if (cell == 0) {
                drained = outcome.drained;
            } else {
                lateElsewhere.addAll(outcome.late);
            }
        }
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("cells", count);
        more.put("tasks", tasks);
        more.put("one_cell", one);
        more.put("fullest_cell", fullest);
        more.put("p50_ms", late.part(0.5));
        more.put("p99_ms", late.part(0.99));
        more.put("max_ms", late.part(1));
        more.put("seconds_to_drain", drained);
        if (count > 1) {
            more.put("p99_ms_elsewhere", lateElsewhere.part(0.99));
            more.put("max_ms_elsewhere", lateElsewhere.part(1));
        }
        double seconds = LENGTH.toSeconds();
        return new Result(
                "cells", database, Spread.of(done / seconds), Spread.of(due / seconds), more);
    }

    /// How many tasks a hash gives to one cell: about as many as to any other.
    private static double share(long tasks, int count, SplittableRandom dice) {
        if (count == 1) {
            return tasks;
        }
        double mean = (double) tasks / count;
        return mean + dice.nextGaussian() * Math.sqrt(mean * (1 - 1.0 / count));
    }

    private record Outcome(double done, double due, double drained, Weighted late) {}

    /// One cell: `rate` fires are due a second and `one` done. It stands still at half time if it
    /// `fails`.
    private Outcome play(double rate, double one, boolean fails, SplittableRandom dice) {
        int steps = (int) (LENGTH.toSeconds() * STEPS_A_SECOND);
        int failed = steps / 2 + STEPS_A_SECOND / 2;
        int back = failed + (int) (TAKEOVER.toSeconds() * STEPS_A_SECOND);
        var late = new Weighted();
        double waiting = 0;
        double done = 0;
        double due = 0;
        int drained = back;
        for (int step = 0; step < steps; step++) {
            double more = dueIn(step, rate, dice);
            boolean stands = fails && step >= failed && step < back;
            double rest = stands ? (back - step) * 1_000.0 / STEPS_A_SECOND : 0;
            late.add(rest + (waiting + more / 2) / one * 1_000, more);
            due += more;
            waiting += more;
            double now = stands ? 0 : Math.min(waiting, one / STEPS_A_SECOND);
            waiting -= now;
            done += now;
            if (fails && step >= back && drained == back && waiting < one / STEPS_A_SECOND) {
                drained = step;
            }
        }
        return new Outcome(done, due, (drained - back) / (double) STEPS_A_SECOND, late);
    }

    /// Those of the full minute are due in one step, the others at any time.
    private double dueIn(int step, double rate, SplittableRandom dice) {
        double mean = rate * (1 - aligned) / STEPS_A_SECOND;
        double spread = Math.max(0, mean + dice.nextGaussian() * Math.sqrt(mean));
        boolean isMinute = step % (60 * STEPS_A_SECOND) == 0;
        return isMinute ? spread + rate * aligned * 60 : spread;
    }

    /// How late how many were, by the millisecond.
    private static final class Weighted {
        private static final int MOST = 120_000;

        private final double[] counts = new double[MOST + 1];

        void add(double millis, double count) {
            counts[(int) Math.min(MOST, millis)] += count;
        }

        void addAll(Weighted other) {
            for (int i = 0; i <= MOST; i++) {
                counts[i] += other.counts[i];
            }
        }

        /// At most so late was that part of them.
        double part(double part) {
            double all = 0;
            int last = 0;
            for (int i = 0; i <= MOST; i++) {
                all += counts[i];
                last = counts[i] > 0 ? i : last;
            }
            double seen = 0;
            for (int i = 0; i < last; i++) {
                seen += counts[i];
                if (seen >= part * all && part < 1) {
                    return i;
                }
            }
            return last;
        }
    }
}
