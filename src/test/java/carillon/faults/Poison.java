package carillon.faults;

import carillon.store.StoreSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A task during which the server dies, whenever it is attempted (PROMISES R12): it is quarantined
/// after a few deaths, and the others go on.
///
/// `Poison FOLDER`.
final class Poison {
    private static final int DEATHS = 3;
    private static final int MAX_DEATHS = 6;
    private static final Duration OTHERS = Duration.ofSeconds(30);

    private final Trial trial;

    private Poison(Trial trial) {
        this.trial = trial;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Trial.main("R12 poison task", arguments, trial -> new Poison(trial).run());
    }

    private String run() throws IOException, InterruptedException {
        try (var solo = Solo.start(trial.folder())) {
            for (int i = 0; i < 20; i++) {
                solo.caller().create(solo.outside().target(), "1s", "");
            }
            var poison =
                    "{\"name\":\"poison\",\"action\":{\"http\":{\"url\":\"%sslow/600000\"}}}"
                            .formatted(solo.outside().target());
            long task = solo.caller().post("/api/v1/tasks", poison).orElseThrow();
            long run = solo.caller().execute(task).orElseThrow();
            int deaths = die(solo, run);
            var reason = solo.caller().get("/api/v1/runs/" + run).path("reason").asText();
            trial.check(deaths == DEATHS, "it took the server down " + deaths + " times");
            trial.check(reason.contains("quarantined"), "the run ended with: " + reason);
            TimeUnit.SECONDS.sleep(2);
            solo.caller().pauseAll();
            TimeUnit.SECONDS.sleep(3);
            solo.server().stop();
            var settings = new StoreSettings.Sqlite(solo.data());
            var books = Comparison.read(settings, solo.log(), List.of(), List.of());
            trial.faults(books.faults());
            var late = books.lateness().getLast();
            trial.atMost(OTHERS, late, "the latest of the others");
            return "%d deaths, then: %s; others at most %d ms late"
                    .formatted(deaths, reason, late.toMillis());
        }
    }

    /// Kills the server each time that the outside world sees the run; returns how often.
    private int die(Solo solo, long run) throws IOException, InterruptedException {
        int deaths = 0;
        while (deaths < MAX_DEATHS && !hasEnded(solo, run)) {
            if (seen(solo, run) > deaths) {
                solo.server().kill();
                deaths++;
                solo.server().restart();
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return deaths;
    }

    private static boolean hasEnded(Solo solo, long run) throws IOException, InterruptedException {
        var state = solo.caller().get("/api/v1/runs/" + run).path("state").asText();
        return !state.equals("QUEUED") && !state.equals("RUNNING");
    }

    private static long seen(Solo solo, long run) throws IOException {
        return solo.hits().stream().filter(line -> line.startsWith("msg_" + run + " ")).count();
    }
}
