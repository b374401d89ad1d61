package carillon.bench;

import carillon.engine.Clockwork;
import carillon.engine.Engine;
import carillon.engine.Means;
import carillon.engine.Pruner;
import carillon.json.TaskJson;
import carillon.run.Endings;
import carillon.run.Intake;
import carillon.run.Performer;
import carillon.run.Run;
import carillon.run.RunQuery;
import carillon.run.RunState;
import carillon.store.StoreSettings;
import carillon.store.Stores;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.task.TaskLists;
import carillon.task.TaskVersion;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// An open store with what benches need around it: many tasks at once, engines that come and go,
/// and the rows that these leave.
final class Rig implements AutoCloseable {
    /// SQLite lets those who write together share an fsync.
    private static final int SQLITE_CREATORS = 200;

    private static final int PAGE = 10_000;

    private final Stores stores;
    private final InstantSource time;
    private final String node;
    private final int creators;

    /// `node` names its engines; no two that are open over one database may have the same.
    Rig(StoreSettings settings, InstantSource time, String node) {
        this.stores = Stores.open(settings, TaskJson.codec(), TaskLists.NONE, _ -> {}, time);
        this.time = time;
        this.node = node;
        this.creators =
                switch (settings) {
                    case StoreSettings.Sqlite _ -> SQLITE_CREATORS;
                    case StoreSettings.Postgres postgres -> postgres.poolSize();
                };
    }

    Stores stores() {
        return stores;
    }

    InstantSource time() {
        return time;
    }

    /// An id below all that are given out later, for [#rowsAfter].
    long mark() {
        return stores.tasks().newId().value();
    }

    /// Stores `count` tasks, each as it is made by its number from 0 on, with the fire times after
    /// `firesAfter`; returns their ids.
    List<TaskId> create(int count, Instant firesAfter, IntFunction<TaskDefinition> definition) {
        var ids = IntStream.range(0, count).mapToObj(_ -> stores.tasks().newId()).toList();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var shares = new ArrayList<Future<?>>();
            for (int first = 0; first < Math.min(creators, count); first++) {
                int from = first;
                shares.add(
                        executor.submit(
                                () -> {
                                    for (int i = from; i < count; i += creators) {
                                        create(ids.get(i), definition.apply(i), firesAfter);
                                    }
                                }));
            }
            shares.forEach(Rig::await);
        }
        return ids;
    }

    private static void await(Future<?> share) {
        try {
            share.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while storing tasks", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("could not store the tasks", e.getCause());
        }
    }

    private void create(TaskId id, TaskDefinition definition, Instant firesAfter) {
        var now = time.instant();
        var first =
                new TaskVersion(id, 1, definition, firesAfter, now, "bench", OptionalInt.empty());
        var progress = new Task.Progress(first.firstFireAt(), Optional.empty(), 0);
        stores.tasks()
                .create(new Task(id, "native", 1, definition, false, now, now, progress), first);
    }

    /// An engine that turns until it is closed.
    Turning turn(Performer performer, Engine.Limits limits) {
        return turn(performer, limits, new Endings());
    }

    Turning turn(Performer performer, Engine.Limits limits, Endings endings) {
        return new Turning(performer, limits, endings);
    }

    final class Turning implements AutoCloseable {
        private final ExecutorService attempts = Executors.newVirtualThreadPerTaskExecutor();
        private final Engine engine;

        private Turning(Performer performer, Engine.Limits limits, Endings endings) {
            var parts =
                    new Engine.Stores(
                            stores.slots(),
                            stores.leases(),
                            stores.runs(),
                            stores.events(),
                            stores.nodes());
            var means = new Means(performer, attempts, time, RandomGenerator.getDefault());
            var retention = new Pruner.Retention(Duration.ofDays(30), Integer.MAX_VALUE);
            var clockwork = new Clockwork(node, parts, limits, retention, means, endings);
            engine = new Engine(clockwork, time);
            engine.start();
        }

        Intake intake() {
            return engine.intake();
        }

        /// Returns when all that was begun has ended and is on disk.
        @Override
        public void close() {
            engine.close();
            attempts.close();
        }
    }

    /// Hands over every run that succeeded and whose id is above `mark`; returns how many.
    int rowsAfter(long mark, Consumer<Run> reader) {
        int rows = 0;
        var before = OptionalLong.empty();
        while (true) {
            var query = new RunQuery(Optional.empty(), Set.of(RunState.SUCCEEDED), before, 0, PAGE);
            var page = stores.runs().list(query);
            for (var run : page) {
                if (run.id().value() <= mark) {
                    return rows;
                }
                reader.accept(run);
                rows++;
            }
            if (page.size() < PAGE) {
                return rows;
            }
            before = OptionalLong.of(page.getLast().id().value());
        }
    }

    static void rest(Duration length) {
        long end = System.nanoTime() + length.toNanos();
        for (long left = length.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        stores.close();
    }
}
