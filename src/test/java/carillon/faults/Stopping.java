package carillon.faults;

import carillon.store.StoreSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Stops a server with SIGTERM while hundreds of attempts are under way (PROMISES R13): they come
/// to their ends, nothing new begins, and after the next start nothing was missed or done twice.
///
/// `Stopping FOLDER [ROUNDS]`.
final class Stopping {
    private static final int IN_FLIGHT = 500;
    private static final int ATTEMPT_MILLIS = 5_000;
    private static final Duration CLAIMS_END = Duration.ofSeconds(1);
    private static final Duration EXIT = Duration.ofSeconds(30);

    private final Trial trial;
    private Duration slowest = Duration.ZERO;
    private long latestBegin;

    private Stopping(Trial trial) {
        this.trial = trial;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Trial.main(
                "R13 SIGTERM under 500 in flight", arguments, trial -> new Stopping(trial).run());
    }

    private String run() throws IOException, InterruptedException {
        int rounds = trial.number(0, 1, 4);
        try (var solo = Solo.start(trial.folder())) {
            for (int i = 0; i < IN_FLIGHT; i++) {
                solo.caller()
                        .create(
                                solo.outside().target() + "slow/" + ATTEMPT_MILLIS,
                                "1s",
                                "\"concurrency\":\"forbid\",");
            }
            for (int round = 1; round <= rounds; round++) {
                solo.awaitHits(solo.hits().size() + IN_FLIGHT);
                stop(solo);
                solo.server().restart();
            }
            solo.caller().pauseAll();
            TimeUnit.MILLISECONDS.sleep(ATTEMPT_MILLIS + 2_000);
            solo.server().stop();
            var settings = new StoreSettings.Sqlite(solo.data());
            var books = Comparison.read(settings, solo.log(), List.of(), List.of());
            trial.faults(books.faults());
            trial.check(books.doubled() == 0, books.doubled() + " runs were seen twice");
            trial.check(books.rescued() == 0, books.rescued() + " runs were attempted again");
            return ("%d stops, %d runs: %d seen twice;"
                            + " the last began %d ms after SIGTERM; exit in %d ms")
                    .formatted(
                            rounds,
                            books.runs().size(),
                            books.doubled(),
                            latestBegin,
                            slowest.toMillis());
        }
    }

    private void stop(Solo solo) throws IOException, InterruptedException {
        long at = System.currentTimeMillis();
        int exit = solo.server().stop();
        var took = Duration.ofMillis(System.currentTimeMillis() - at);
        trial.check(exit == 0 || exit == 143, "it stopped with " + exit);
        trial.atMost(EXIT, took, "the stop");
        slowest = took.compareTo(slowest) > 0 ? took : slowest;
        var latest =
                solo.hits().stream()
                        .mapToLong(line -> Long.parseLong(line.split(" ", -1)[3]) - at)
                        .max();
        latestBegin = Math.max(latestBegin, latest.orElse(0));
        trial.atMost(CLAIMS_END, Duration.ofMillis(latestBegin), "beginning of attempts");
    }
}
