package carillon.bench;

import carillon.action.HttpCall;
import carillon.schedule.Every;
import carillon.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// From the start of a server's process, with SQLite, to the first webhook that arrives, beside
/// tasks that are not due for long; and the memory of a server that has only those. The baseline is
/// a process that prints the version and ends.
public final class StartBench {
    private static final int PATIENCE_SECONDS = 60;
    private static final Duration PERIOD = Duration.ofMillis(50);
    private static final String READY = " listens on ";
    private static final Duration SETTLING = Duration.ofSeconds(5);

    private final int rounds;
    private final int stored;
    private final InstantSource time;

    /// With so many tasks `stored` that are not due.
    public StartBench(int rounds, int stored, InstantSource time) {
        this.rounds = rounds;
        this.stored = stored;
        this.time = time;
    }

    /// Works in two folders below `folder`.
    public Result run(Path folder) throws IOException, InterruptedException {
        var busy = folder.resolve("busy");
        Files.createDirectories(busy);
        Files.writeString(busy.resolve("carillon.yaml"), "egress.allow: [\"127.0.0.1\"]\n");
        prepare(busy);
        var firstFires = new ArrayList<Double>();
        var versions = new ArrayList<Double>();
        for (int round = 0; round < rounds; round++) {
            versions.add(secondsToVersion());
            try (var sink = new Sink()) {
                store(busy, round, sink);
                firstFires.add(secondsToFirstFire(busy, sink));
            }
        }
        var seconds = new Spread(firstFires);
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("seconds_to_first_fire", seconds.median());
        more.put("seconds_min", seconds.min());
        more.put("seconds_max", seconds.max());
        var idle = folder.resolve("idle");
        Files.createDirectories(idle);
        prepare(idle);
        more.put("stored", stored);
        more.put("idle_resident_mib", idleMib(idle));
        return new Result("start", "sqlite", rates(firstFires), rates(versions), more);
    }

    private static Spread rates(List<Double> seconds) {
        return new Spread(seconds.stream().map(each -> 1 / each).toList());
    }

    private static double secondsToVersion() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (var child = Child.start("--version")) {
            int code = child.await();
            if (code != 0) {
                throw new IOException("printing the version ended with " + code);
            }
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    /// Stores the idle tasks, and lets a server have run over them once: at its first start it
    /// sorts them into the lists of its APIs.
    private void prepare(Path folder) throws IOException {
        store(folder);
        try (var child = server(folder)) {
            awaitReady(child);
        }
    }

    private void store(Path folder) {
        try (var rig = new Place(new StoreSettings.Sqlite(folder), time).open()) {
            var now = time.instant();
            rig.create(stored, now, i -> Backlog.idle(i, now));
        }
    }

    private void store(Path folder, int round, Sink sink) {
        var call =
                new HttpCall(
                        Sink.url(sink.port()),
                        "POST",
                        Map.of(),
                        Optional.of("hello"),
                        Optional.empty(),
                        Set.of(),
                        Optional.empty());
        try (var rig = new Place(new StoreSettings.Sqlite(folder), time).open()) {
            var now = time.instant();
            var every = new Every(PERIOD, now);
            rig.create(1, now, _ -> Backlog.definition("start " + round, every, call));
        }
    }

    private static double secondsToFirstFire(Path folder, Sink sink)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (var _ = server(folder)) {
            long hit = sink.firstHit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return (hit - begin) / 1e9;
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the server fired nothing", e);
        }
    }

    private static Child server(Path folder) throws IOException {
        return Child.start("serve", "--port", "0", "--data", folder.toString());
    }

    private static double idleMib(Path folder) throws IOException {
        try (var child = server(folder)) {
            awaitReady(child);
            Rig.rest(SETTLING);
            return child.residentMib();
        }
    }

    private static void awaitReady(Child child) throws IOException {
        while (!child.readLine().contains(READY)) {
            // Before that it shows the administrator's key.
        }
    }
}
