package carillon.faults;

import carillon.json.Json;
import carillon.store.StoreSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
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
        var outside = Outside.start(folder, log);
        try (outside) {
            torture(outside.target());
        }
        compare(log);
        return faults;
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
        var settings = new StoreSettings.Sqlite(folder.resolve("data"));
        var books = Comparison.read(settings, log, acknowledgedTasks, acknowledgedRuns);
        faults.addAll(books.faults());
        report(books);
    }

    private void report(Comparison books) {
        if (slowestStart.compareTo(readyWithin) > 0) {
            faults.add("it took " + slowestStart + " to be ready again");
        }
        out.printf(
                "rounds %d, tasks acknowledged %d, runs acknowledged %d, runs %d, hits %d%n",
                rounds,
                acknowledgedTasks.size(),
                acknowledgedRuns.size(),
                books.runs().size(),
                books.hits().size());
        out.printf(
                "runs leased at a kill %d, of them seen twice (with the same webhook-id) %d%n",
                books.rescued(), books.doubled());
        out.printf("slowest start %d ms%n", slowestStart.toMillis());
        faults.stream().limit(20).forEach(fault -> out.println("FAULT " + fault));
        out.println(faults.isEmpty() ? "PASS" : "FAIL (" + faults.size() + " faults)");
    }
}
