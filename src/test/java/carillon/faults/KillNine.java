package carillon.faults;

import carillon.json.Json;
import carillon.json.TaskJson;
import carillon.run.Ledgers;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunQuery;
import carillon.run.RunState;
import carillon.run.Trigger;
import carillon.store.StoreSettings;
import carillon.store.Stores;
import carillon.task.TaskId;
import carillon.task.TaskLists;
import carillon.task.TaskQuery;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Kills a server with -9 again and again while it delivers webhooks, and compares what it says
/// with what the outside world wrote down (PROMISES R1, R2, R3).
///
/// `KillNine FOLDER ROUNDS RATE`: `RATE` tasks fire once a second each. Prints figures and PASS or
/// FAIL, and exits with 1 when it failed.
final class KillNine {
    /// On a machine that does nothing else.
    private static final Duration READY = Duration.ofSeconds(5);

    private final Path folder;
    private final int rounds;
    private final int rate;
    private final Duration readyWithin;
    private final PrintStream out;
    private final RandomGenerator dice = RandomGenerator.getDefault();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Queue<Long> acknowledgedTasks = new ConcurrentLinkedQueue<>();
    private final Queue<Long> acknowledgedRuns = new ConcurrentLinkedQueue<>();
    private final List<String> faults = new ArrayList<>();
    private volatile boolean asking = true;
    private Duration slowestStart = Duration.ZERO;

    KillNine(Path folder, int rounds, int rate, Duration readyWithin, PrintStream out) {
        this.readyWithin = readyWithin;
        this.folder = folder;
        this.rounds = rounds;
        this.rate = rate;
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var folder = Path.of(arguments[0]);
        var test =
                new KillNine(
                        folder,
                        Integer.parseInt(arguments[1]),
                        Integer.parseInt(arguments[2]),
                        READY,
                        System.out);
        System.exit(test.run().isEmpty() ? 0 : 1);
    }

    /// Runs the whole test; returns what was wrong.
    List<String> run() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        var log = folder.resolve("outside.log");
        var portFile = folder.resolve("outside.port");
        Files.deleteIfExists(portFile);
        var outside =
                ServerProcess.java(
                        portFile, OutsideLedger.class.getName(), List.of(log.toString()));
        try {
            var target = "http://127.0.0.1:" + portOf(outside, portFile) + "/";
            torture(target);
        } finally {
            outside.destroy();
            outside.waitFor();
        }
        compare(log);
        return faults;
    }

    private static String portOf(Process outside, Path file)
            throws IOException, InterruptedException {
        while (!Files.exists(file) || !Files.readString(file).endsWith("\n")) {
            if (outside.waitFor(20, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the outside ledger did not start");
            }
        }
        return Files.readString(file).strip();
    }

    private void torture(String target) throws IOException, InterruptedException {
        var data = folder.resolve("data");
        Files.createDirectories(data);
        var server = ServerProcess.start(data, freePort(), client);
        var key = server.key();
        for (int i = 0; i < rate; i++) {
            create(server, key, target);
        }
        var asker = Thread.ofVirtual().start(() -> askOnAndOn(server, key, target));
        for (int round = 1; round <= rounds; round++) {
            TimeUnit.MILLISECONDS.sleep(1_500 + dice.nextInt(2_500));
            server.kill();
            var ready = server.restart();
            slowestStart = ready.compareTo(slowestStart) > 0 ? ready : slowestStart;
            out.printf("round %d: killed, ready again in %d ms%n", round, ready.toMillis());
        }
        TimeUnit.SECONDS.sleep(3);
        asking = false;
        asker.join();
        for (var task : allTasks(server, key)) {
            post(server, key, "/api/v1/tasks/" + task + "/pause", "");
        }
        TimeUnit.SECONDS.sleep(5); // What was under way comes to its end.
        int exit = server.stop();
        if (exit != 0 && exit != 143) {
            faults.add("the server stopped with " + exit);
        }
    }

    /// Those that were made without an answer, because the server died, included.
    private List<Long> allTasks(ServerProcess server, String key)
            throws IOException, InterruptedException {
        var ids = new ArrayList<Long>();
        var cursor = "";
        do {
            var request =
                    HttpRequest.newBuilder(server.uri("/api/v1/tasks?limit=100" + cursor))
                            .header("Authorization", "Bearer " + key)
                            .build();
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            var page = Json.readObject(answer.body());
            page.path("data").forEach(task -> ids.add(task.path("id").asLong()));
            var next = page.path("next_cursor");
            cursor = next.isTextual() ? "&cursor=" + next.asText() : "";
        } while (!cursor.isEmpty());
        return ids;
    }

    private static int freePort() throws IOException {
        try (var socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /// Asks for runs and makes tasks while the server dies again and again; only what was answered
    /// counts.
    private void askOnAndOn(ServerProcess server, String key, String target) {
        while (asking) {
            try {
                if (dice.nextInt(5) == 0) {
                    create(server, key, target);
                } else {
                    var task = acknowledgedTasks.peek();
                    post(server, key, "/api/v1/tasks/" + task + "/execute", "")
                            .ifPresent(acknowledgedRuns::add);
                }
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (IOException e) {
                // It is dead at the moment; nothing was promised.
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void create(ServerProcess server, String key, String target)
            throws IOException, InterruptedException {
        var body =
                """
                {"name":"fault","schedule":{"every":"1s"},
                 "action":{"http":{"url":"%s","method":"POST","body":"x"}}}
                """
                        .formatted(target);
        post(server, key, "/api/v1/tasks", body).ifPresent(acknowledgedTasks::add);
    }

    /// The id in a 2xx answer.
    private Optional<Long> post(ServerProcess server, String key, String path, String body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(server.uri(path))
                        .timeout(Duration.ofSeconds(10))
                        .header("Authorization", "Bearer " + key)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            if (answer.statusCode() < 500) {
                faults.add(path + " answered " + answer.statusCode() + " " + answer.body());
            }
            return Optional.empty();
        }
        return Optional.of(Json.readObject(answer.body()).path("id").asLong());
    }

    private void compare(Path log) throws IOException {
        var hits = new HashMap<String, Integer>();
        for (var line : Files.readAllLines(log)) {
            hits.merge(line.substring(0, line.indexOf(' ')), 1, Integer::sum);
        }
        var settings = new StoreSettings.Sqlite(folder.resolve("data"));
        var lists = TaskLists.NONE;
        try (var stores = Stores.open(settings, TaskJson.codec(), lists, InstantSource.system())) {
            var runs = new HashMap<RunId, Run>();
            var everything =
                    new RunQuery(Optional.empty(), Set.of(), OptionalLong.empty(), 0, 10_000_000);
            stores.runs().list(everything).forEach(run -> runs.put(run.id(), run));
            checkAcknowledged(stores, runs);
            checkLedgers(stores);
            checkHits(hits, runs);
            report(hits, runs);
        }
    }

    private void checkAcknowledged(Stores stores, Map<RunId, Run> runs) {
        for (var id : acknowledgedTasks) {
            if (stores.tasks().find(new TaskId(id)).isEmpty()) {
                faults.add("task " + id + " was acknowledged and is lost");
            }
        }
        for (var id : acknowledgedRuns) {
            var run = runs.get(new RunId(id));
            if (run == null || !run.state().isFinal()) {
                faults.add("run " + id + " was acknowledged and is lost: " + run);
            }
        }
    }

    private void checkLedgers(Stores stores) {
        var ledgers = new Ledgers(stores.tasks(), stores.runs(), InstantSource.system());
        for (var task : stores.tasks().list(TaskQuery.newest(1_000_000))) {
            var now = InstantSource.system().instant();
            var balance = ledgers.balance(task.id(), task.createdAt(), now);
            boolean right =
                    balance instanceof Ledgers.Balance.Struck(var ledger) && ledger.addsUp();
            if (!right) {
                faults.add("task " + task.id() + " has unexplained slots: " + balance);
            }
        }
    }

    private void checkHits(Map<String, Integer> hits, Map<RunId, Run> runs) {
        var slots = new HashSet<Map.Entry<TaskId, Instant>>();
        for (var run : runs.values()) {
            var id = "msg_" + run.id();
            int seen = hits.getOrDefault(id, 0);
            if (run.state() == RunState.SUCCEEDED && seen == 0) {
                faults.add("run " + run.id() + " says it succeeded, and nobody saw it");
            }
            if (seen > run.attempt()) {
                faults.add("run " + run.id() + " was seen more often than it was attempted");
            }
            if (!run.state().isFinal()) {
                faults.add("run " + run.id() + " has not ended: " + run.state());
            }
            if (run.occasion().trigger() == Trigger.SCHEDULE
                    && !slots.add(Map.entry(run.task(), run.occasion().fireTime().orElseThrow()))) {
                faults.add("two runs for one slot: " + run);
            }
        }
        for (var id : hits.keySet()) {
            if (!runs.containsKey(new RunId(Long.parseLong(id.substring("msg_".length()))))) {
                faults.add(id + " was seen and has no run");
            }
        }
    }

    private void report(Map<String, Integer> hits, Map<RunId, Run> runs) {
        long doubled = hits.values().stream().filter(count -> count > 1).count();
        long rescued = runs.values().stream().filter(run -> run.attempt() > 1).count();
        if (slowestStart.compareTo(readyWithin) > 0) {
            faults.add("it took " + slowestStart + " to be ready again");
        }
        out.printf(
                "rounds %d, tasks acknowledged %d, runs acknowledged %d, runs %d, hits %d%n",
                rounds,
                acknowledgedTasks.size(),
                acknowledgedRuns.size(),
                runs.size(),
                hits.values().stream().mapToInt(Integer::intValue).sum());
        out.printf(
                "runs leased at a kill %d, of them seen twice (with the same webhook-id) %d%n",
                rescued, doubled);
        out.printf("slowest start %d ms%n", slowestStart.toMillis());
        faults.stream().limit(20).forEach(fault -> out.println("FAULT " + fault));
        out.println(faults.isEmpty() ? "PASS" : "FAIL (" + faults.size() + " faults)");
    }
}
