package carillon.bench;

import carillon.action.Nothing;
import carillon.cluster.Holder;
import carillon.run.Completion;
import carillon.run.LeaseStore.NewRun;
import carillon.run.Occasion;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.run.RunQuery;
import carillon.run.RunState;
import carillon.run.Trigger;
import carillon.schedule.Every;
import carillon.store.BareStatements;
import carillon.task.TaskId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/// How long a page of a long history takes: the newest of all runs, of one task and of those that
/// failed, and one from the middle. The baseline is the newest page while there is only one.
public final class HistoryBench implements Bench {
    private static final int PAGE = 50;
    private static final int ROUNDS = 15;

    private final int runs;

    /// With so many ended runs, rounded up to a thousand.
    public HistoryBench(int runs) {
        this.runs = Math.ceilDiv(runs, BareStatements.BATCH) * BareStatements.BATCH;
    }

    @Override
    public Result run(Place place) {
        try (var rig = place.open()) {
            var now = rig.time().instant();
            var every = new Every(Duration.ofDays(1), now.plus(Duration.ofDays(1)));
            var task =
                    rig.create(1, now, _ -> Backlog.definition("history", every, new Nothing()))
                            .getFirst();
            var holder = rig.stores().nodes().join("bench", now, now.plus(Duration.ofHours(1)));
            addPage(rig, task, holder);
            double newestOfFew = millis(rig, query(Optional.empty(), Set.of()));
            long first = rig.mark();
            double seconds = fill(rig, holder);
            long last = rig.mark();
            addPage(rig, task, holder);
            double newest = millis(rig, query(Optional.empty(), Set.of()));
            Map<String, Object> more = new LinkedHashMap<>();
            more.put("runs", runs);
            more.put("stored_per_second", runs / seconds);
            more.put("newest_ms", newest);
            more.put("of_task_ms", millis(rig, query(Optional.of(task), Set.of())));
            more.put("failed_ms", millis(rig, query(Optional.empty(), Set.of(RunState.FAILED))));
            more.put("middle_ms", millis(rig, before(first + (last - first) / 2)));
            return new Result(
                    "history",
                    place.database(),
                    Spread.of(1_000 / newest),
                    Spread.of(1_000 / newestOfFew),
                    more);
        }
    }

    /// Half a page of runs that succeed and half a page that fail, all of the task: what is asked
    /// for is as far apart as the history is long.
    private static void addPage(Rig rig, TaskId task, Holder holder) {
        var at = rig.time().instant();
        var occasion = new Occasion(Trigger.MANUAL, Optional.empty(), at, 5, Optional.empty());
        var leases = rig.stores().leases();
        var wanted =
                IntStream.range(0, PAGE)
                        .mapToObj(_ -> new NewRun(leases.newId(), task, 1, occasion))
                        .toList();
        var held = leases.enqueue(wanted, Optional.of(holder));
        var ends =
                IntStream.range(0, held.size())
                        .mapToObj(
                                i ->
                                        new Completion(
                                                held.get(i),
                                                at,
                                                at,
                                                new Outcome.Succeeded(Output.NONE),
                                                new Outcome.Next.Finish(
                                                        i % 2 == 0
                                                                ? RunState.SUCCEEDED
                                                                : RunState.FAILED,
                                                        "")))
                        .toList();
        Backlog.check(ends.size() - leases.complete(ends).size(), PAGE);
    }

    /// Returns how many seconds it took.
    private double fill(Rig rig, Holder holder) {
        var loop = new BareStatements(rig.stores(), holder);
        long begin = System.nanoTime();
        for (int done = 0; done < runs; done += BareStatements.BATCH) {
            loop.turn(rig.time().millis());
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private static RunQuery query(Optional<TaskId> task, Set<RunState> states) {
        return new RunQuery(task, states, OptionalLong.empty(), 0, PAGE + 1);
    }

    private static RunQuery before(long id) {
        return new RunQuery(Optional.empty(), Set.of(), OptionalLong.of(id), 0, PAGE + 1);
    }

    private static double millis(Rig rig, RunQuery query) {
        return Spread.millis(ROUNDS, () -> rig.stores().runs().list(query)).median();
    }
}
