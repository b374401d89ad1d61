package carillon.faults;

import java.io.IOException;
import java.time.Duration;

/// Many fires a second beside many tasks that are idle (PROMISES R6), by `./carillon bench late`.
///
/// `OnTime FOLDER [RATE [STORED [SECONDS]]]`.
final class OnTime {
    private static final Duration P99 = Duration.ofMillis(10);
    private static final Duration MAX = Duration.ofMillis(250);

    private OnTime() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Trial.main("R6 on time", arguments, OnTime::run);
    }

    private static String run(Trial trial) throws IOException, InterruptedException {
        int rate = trial.number(0, 1_000, 1_000);
        int stored = trial.number(1, 20_000, 1_000_000);
        int seconds = trial.number(2, 10, 60);
        var figures =
                BenchFigures.of(
                        trial,
                        "late",
                        "--rate",
                        Integer.toString(rate),
                        "--stored",
                        Integer.toString(stored),
                        "--seconds",
                        Integer.toString(seconds));
        var p99 = Duration.ofMillis(figures.path("p99_ms").asLong());
        var max = Duration.ofMillis(figures.path("max_ms").asLong());
        trial.atMost(P99, p99, "lateness, p99,");
        trial.atMost(MAX, max, "lateness, at most,");
        return "%,d fires/s for %d s beside %,d tasks: late p50 %d, p99 %d, p99.9 %d, max %d ms"
                .formatted(
                        rate,
                        seconds,
                        stored,
                        figures.path("p50_ms").asLong(),
                        p99.toMillis(),
                        figures.path("p999_ms").asLong(),
                        max.toMillis());
    }
}
