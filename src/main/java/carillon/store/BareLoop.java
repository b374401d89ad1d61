package carillon.store;

import carillon.action.Nothing;
import carillon.cluster.Holder;
import carillon.run.Completion;
import carillon.run.Lease;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.run.Plan;
import carillon.run.RunState;
import carillon.schedule.Every;
import carillon.schedule.Timetable;
import carillon.task.Policies;
import carillon.task.Task;
import carillon.task.TaskCodec;
import carillon.task.TaskDefinition;
import carillon.task.TaskLists;
import carillon.task.TaskVersion;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The yardstick for the engine: what the database can do with the same statements when nothing
/// else is done. One thread plans a run for each of `batch` tasks in a transaction, then writes the
/// ends of all of them in another, and so on.
public final class BareLoop {
    private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");

    private final Stores stores;
    private final InstantSource clock;

    /// What was measured: `pairs` runs were planned and ended in `took`.
    public record Result(long pairs, Duration took) {
        public double pairsPerSecond() {
            return pairs / (took.toNanos() / 1e9);
        }
    }

    private BareLoop(Stores stores, InstantSource clock) {
        this.stores = stores;
        this.clock = clock;
    }

    /// Measures `rounds` rounds of `batch` pairs on an empty database, after a fifth as many to
    /// warm up. The tasks and runs are left behind.
    public static Result run(
            StoreSettings settings, TaskCodec codec, InstantSource clock, int batch, int rounds) {
        try (var stores = Stores.open(settings, codec, TaskLists.NONE, clock)) {
            return new BareLoop(stores, clock).run(batch, rounds);
        }
    }

    private Result run(int batch, int rounds) {
        var tasks = new ArrayList<Task>();
        for (int i = 0; i < batch; i++) {
            tasks.add(createTask());
        }
        var holder = stores.nodes().join("bare-loop", START, START.plus(Duration.ofDays(1)));
        int warmUp = rounds / 5;
        var begin = clock.instant();
        for (int round = 0; round < warmUp + rounds; round++) {
            if (round == warmUp) {
                begin = clock.instant();
            }
            round(tasks, holder, START.plusSeconds(round));
        }
        return new Result((long) batch * rounds, Duration.between(begin, clock.instant()));
    }

    private Task createTask() {
        var definition =
                new TaskDefinition(
                        "bare loop",
                        "",
                        Optional.of(Timetable.of(new Every(Duration.ofSeconds(1), START))),
                        new Nothing(),
                        Policies.DEFAULT,
                        Map.of());
        var progress = new Task.Progress(Optional.of(START), Optional.empty(), 0);
        var id = stores.tasks().newId();
        var task = new Task(id, "native", 1, definition, false, START, START, progress);
        var version =
                new TaskVersion(
                        id,
                        1,
                        definition,
                        START.minusMillis(1),
                        START,
                        "bare-loop",
                        OptionalInt.empty());
        stores.tasks().create(task, version);
        return task;
    }

    private void round(List<Task> tasks, Holder holder, Instant fireTime) {
        var next = Optional.of(fireTime.plusSeconds(1));
        var plan = new Plan(List.of(new Plan.Slot.Open(fireTime, fireTime)), next, next, 1);
        var decided = tasks.stream().map(task -> new SqlSlotStore.Decided(task, plan)).toList();
        var ids = stores.takeIds(tasks.size());
        var leases =
                stores.database()
                        .write(
                                "plan",
                                transaction ->
                                        new PlanWriter(transaction, ids, fireTime)
                                                .write(decided, Optional.of(holder))
                                                .leases());
        var ends = leases.stream().map(lease -> success(lease, fireTime)).toList();
        var lost = stores.leases().complete(ends);
        if (!lost.isEmpty() || ends.size() != tasks.size()) {
            throw new StoreException("the bare loop is not alone on its database");
        }
    }

    private static Completion success(Lease lease, Instant at) {
        return new Completion(
                lease,
                at,
                at,
                new Outcome.Succeeded(Output.NONE),
                new Outcome.Next.Finish(RunState.SUCCEEDED, ""));
    }
}
