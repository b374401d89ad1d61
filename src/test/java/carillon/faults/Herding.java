package carillon.faults;

import java.io.IOException;
import java.time.Duration;

/// Many tasks due in one second, then as many runs that wait in the queue (PROMISES R7), by
/// `./carillon bench burst`: none is lost, the last begins soon, and they go by priority and due
/// time.
///
/// `Herding FOLDER [TASKS]`.
final class Herding {
    private static final Duration ALL = Duration.ofSeconds(5);

    /// As many attempts as a node has slots begin at the same time, in any order.
    private static final Duration TOGETHER = Duration.ofMillis(250);

    private Herding() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Trial.main("R7 a herd", arguments, Herding::run);
    }

    private static String run(Trial trial) throws IOException, InterruptedException {
        int tasks = trial.number(0, 20_000, 100_000);
        var figures = BenchFigures.of(trial, "burst", "--tasks", Integer.toString(tasks));
        var last =
                Duration.ofMillis((long) (figures.path("seconds_to_last_start").asDouble() * 1e3));
        var ahead = Duration.ofMillis(figures.path("ahead_of_turn_ms").asLong());
        trial.check(figures.path("lost").asInt(-1) == 0, "some are lost: " + figures);
        trial.atMost(ALL, last, "the time until the last began");
        trial.check(
                ahead.compareTo(TOGETHER) <= 0,
                "a run began " + ahead.toMillis() + " ms before one that had to go first");
        return "%,d tasks: 0 lost, the last began after %d ms; of %,d in queue none more than %d ms"
                        .formatted(tasks, last.toMillis(), tasks, ahead.toMillis())
                + " before one of higher priority or longer due";
    }
}
