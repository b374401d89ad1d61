package carillon.faults;

import carillon.json.TaskJson;
import carillon.run.Run;
import carillon.run.RunQuery;
import carillon.run.RunState;
import carillon.store.StoreSettings;
import carillon.store.Stores;
import carillon.task.TaskId;
import carillon.task.TaskLists;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Many targets that hang, drip, reset or send bodies without end, called all the time beside good
/// ones (PROMISES R8): the good ones are called on time, and when the bad ones are gone their
/// sockets and their memory are free again. The bad ones would need more of the server's slots than
/// there are.
///
/// `BadTargets FOLDER [TARGETS [GOOD]]`: `GOOD` tasks fire once a second each.
final class BadTargets {
    private static final Duration P99 = Duration.ofSeconds(1);
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration BAD_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration COME_BACK = BAD_TIMEOUT.multipliedBy(3);

    /// What may be in use that was not before: kept-alive connections, caches.
    private static final int MORE_SOCKETS = 50;

    private static final long MORE_KIB = 32 * 1024;
    private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

    private final Trial trial;
    private final int count;
    private final int good;

    private BadTargets(Trial trial) {
        this.trial = trial;
        this.count = trial.number(0, 100, 1_000);
        this.good = trial.number(1, 50, 200);
    }

    /// What the server has in use.
    private record Use(long sockets, long heapKib) {
        static Use of(long pid) throws IOException, InterruptedException {
            var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            Commands.run(jcmd, Long.toString(pid), "GC.run");
            var heap = USED.matcher(Commands.run(jcmd, Long.toString(pid), "GC.heap_info"));
            long kib = 0;
            while (heap.find()) {
                kib += Long.parseLong(heap.group(1));
            }
            return new Use(socketsOf(pid), kib);
        }

        private static long socketsOf(long pid) throws IOException {
            long sockets = 0;
            try (var open = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
                for (var descriptor : open) {
                    if (isSocket(descriptor)) {
                        sockets++;
                    }
                }
            }
            return sockets;
        }

        private static boolean isSocket(Path descriptor) {
            try {
                return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
            } catch (IOException e) {
                return false; // Closed meanwhile.
            }
        }

        boolean isBackAt(Use before) {
            return sockets <= before.sockets + MORE_SOCKETS && heapKib <= before.heapKib + MORE_KIB;
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Trial.main("R8 bad targets", arguments, trial -> new BadTargets(trial).run());
    }

    private String run() throws IOException, InterruptedException {
        var targets = new ArrayList<BadTarget>();
        var manners = BadTarget.Manner.values();
        for (int i = 0; i < count; i++) {
            targets.add(BadTarget.open(manners[i % manners.length]));
        }
        try (var solo = Solo.start(trial.folder())) {
            var healthy = new ArrayList<TaskId>();
            for (int i = 0; i < good; i++) {
                solo.caller()
                        .create(solo.outside().target(), "1s", "")
                        .ifPresent(id -> healthy.add(new TaskId(id)));
            }
            TimeUnit.MILLISECONDS.sleep(WARM_UP.toMillis());
            var before = Use.of(solo.server().pid());
            var from = InstantSource.system().instant();
            var bad = call(solo.caller(), targets);
            TimeUnit.SECONDS.sleep(trial.isShort() ? 40 : 90);
            long most = Use.socketsOf(solo.server().pid());
            var to = InstantSource.system().instant();
            for (long task : bad) {
                solo.caller().send("DELETE", "/api/v1/tasks/" + task, "");
            }
            var after = awaitReturn(solo.server().pid(), before);
            solo.caller().pauseAll();
            TimeUnit.SECONDS.sleep(2);
            solo.server().stop();
            return figure(lateness(solo, healthy, from, to), before, most, after);
        } finally {
            for (var target : targets) {
                target.close();
            }
        }
    }

    /// Makes a task for each bad target. All in all a hundred calls a second begin, half of which
    /// take until their timeout.
    private List<Long> call(Caller caller, List<BadTarget> targets)
            throws IOException, InterruptedException {
        var tasks = new ArrayList<Long>();
        for (var target : targets) {
            var body =
                    """
                    {"name":"bad","schedule":{"every":"%dms"},"timeout":"%ds",
                     "action":{"http":{"url":"%s","method":"POST","body":"x"}}}
                    """
                            .formatted(
                                    Math.max(1_000, 10 * count),
                                    BAD_TIMEOUT.toSeconds(),
                                    target.url());
            caller.post("/api/v1/tasks", body).ifPresent(tasks::add);
        }
        return tasks;
    }

    private Use awaitReturn(long pid, Use before) throws IOException, InterruptedException {
        long end = System.nanoTime() + COME_BACK.toNanos();
        var use = Use.of(pid);
        while (!use.isBackAt(before) && System.nanoTime() < end) {
            TimeUnit.SECONDS.sleep(2);
            use = Use.of(pid);
        }
        trial.check(use.isBackAt(before), "before it had in use " + before + ", after " + use);
        return use;
    }

    /// Of all fire times of the good tasks between these instants, the shortest first.
    private List<Duration> lateness(Solo solo, List<TaskId> tasks, Instant from, Instant to)
            throws IOException {
        Map<String, Instant> hits = new HashMap<>();
        for (var line : solo.hits()) {
            var words = line.split(" ", -1);
            hits.putIfAbsent(words[0], Instant.ofEpochMilli(Long.parseLong(words[3])));
        }
        var late = new ArrayList<Duration>();
        var settings = new StoreSettings.Sqlite(solo.data());
        try (var stores =
                Stores.open(settings, TaskJson.codec(), TaskLists.NONE, InstantSource.system())) {
            for (var task : tasks) {
                var all =
                        new RunQuery(
                                Optional.of(task), Set.of(), OptionalLong.empty(), 0, 1_000_000);
                for (var run : stores.runs().list(all)) {
                    var fireTime = run.occasion().fireTime().orElseThrow();
                    if (fireTime.isBefore(from) || !fireTime.isBefore(to)) {
                        continue;
                    }
                    judge(run, hits).ifPresent(at -> late.add(Duration.between(fireTime, at)));
                }
            }
        }
        late.sort(null);
        return late;
    }

    private Optional<Instant> judge(Run run, Map<String, Instant> hits) {
        var hit = Optional.ofNullable(hits.get("msg_" + run.id().value()));
        trial.check(
                run.state() == RunState.SUCCEEDED && hit.isPresent(),
                "a fire time of a good task is " + run.state() + ": " + run);
        return hit;
    }

    private String figure(List<Duration> late, Use before, long mostSockets, Use after) {
        var p99 = late.get(late.size() * 99 / 100);
        trial.atMost(P99, p99, "p99 of the good ones");
        return ("%d bad targets beside %d fire times of good ones: late p50 %d, p99 %d, max %d ms;"
                        + " sockets %d, %d, %d and heap %d, then %d MiB before, with, after")
                .formatted(
                        count,
                        late.size(),
                        late.get(late.size() / 2).toMillis(),
                        p99.toMillis(),
                        late.getLast().toMillis(),
                        before.sockets,
                        mostSockets,
                        after.sockets,
                        before.heapKib / 1024,
                        after.heapKib / 1024);
    }
}
