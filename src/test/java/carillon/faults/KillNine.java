package carillon.faults;

import carillon.store.StoreSettings;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Kills a server with -9 again and again while it delivers webhooks, and compares what it says
/// with what the outside world wrote down (PROMISES R1, R2, R3).
///
/// `KillNine FOLDER [ROUNDS [RATE [STORED]]]`: `RATE` tasks fire once a second each, beside
/// `STORED` that are idle.
final class KillNine {
    /// On a machine that does nothing else.
    private static final Duration READY = Duration.ofSeconds(5);

    private final Trial trial;
    private final int rounds;
    private final int rate;
    private final int stored;
    private final RandomGenerator dice = RandomGenerator.getDefault();
    private final HttpClient client = HttpClient.newHttpClient();
    private Duration slowestStart = Duration.ZERO;

    KillNine(Trial trial, int rounds, int rate, int stored) {
        this.trial = trial;
        this.rounds = rounds;
        this.rate = rate;
        this.stored = stored;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Trial.main(
                "R1 kill -9",
                arguments,
                trial ->
                        new KillNine(
                                        trial,
                                        trial.number(0, 3, 50),
                                        trial.number(1, 50, 200),
                                        trial.number(2, 1_000, 100_000))
                                .run());
    }

    /// Runs the whole test; returns the figure.
    String run() throws IOException, InterruptedException {
        var log = trial.folder().resolve("outside.log");
        try (var outside = Outside.start(trial.folder(), log)) {
            var load = torture(outside.target());
            var settings = new StoreSettings.Sqlite(trial.folder().resolve("data"));
            var books = Comparison.read(settings, log, load.tasks(), load.runs());
            trial.faults(books.faults());
            trial.atMost(READY, slowestStart, "the slowest start");
            return figure(books, load);
        }
    }

    private Load torture(String target) throws IOException, InterruptedException {
        var data = trial.folder().resolve("data");
        Files.createDirectories(data);
        var server = ServerProcess.start(data, ServerProcess.freePort(), client);
        var caller = new Caller(server, client);
        var load = new Load(List.of(caller), target, 10);
        load.store(stored);
        load.begin(rate);
        for (int round = 1; round <= rounds; round++) {
            TimeUnit.MILLISECONDS.sleep(1_500 + dice.nextInt(2_500));
            server.kill();
            var ready = server.restart();
            slowestStart = ready.compareTo(slowestStart) > 0 ? ready : slowestStart;
            trial.say("round " + round + ": killed, ready again in " + ready.toMillis() + " ms");
        }
        TimeUnit.SECONDS.sleep(3);
        load.end();
        caller.pauseAll();
        TimeUnit.SECONDS.sleep(5); // What was under way comes to its end.
        int exit = server.stop();
        trial.check(exit == 0 || exit == 143, "the server stopped with " + exit);
        return load;
    }

    private String figure(Comparison books, Load load) {
        return ("%d kills, %d tasks and %d runs acknowledged, %d runs: %d lost;"
                        + " %d seen twice, same id; ready again in %d ms")
                .formatted(
                        rounds,
                        load.tasks().size(),
                        load.runs().size(),
                        books.runs().size(),
                        books.lost(),
                        books.doubled(),
                        slowestStart.toMillis());
    }
}
