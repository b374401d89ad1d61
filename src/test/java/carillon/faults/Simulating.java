package carillon.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;

/// The deterministic simulation of clusters, seed after seed (PROMISES R5): nodes die, stall and
/// come back, stores fail before and after they commit, clocks are set, and after every event the
/// ledger is held against the model.
///
/// `Simulating FOLDER [SEEDS]`.
final class Simulating {
    private static final Duration TEN_THOUSAND = Duration.ofMinutes(5);
    private static final Pattern FIGURES =
            Pattern.compile("(\\d+) seeds, (\\d+) violations, (\\d+) ms");

    private Simulating() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Trial.main("R5 any order of events", arguments, Simulating::run);
    }

    private static String run(Trial trial) throws IOException, InterruptedException {
        int seeds = trial.number(0, 200, 10_000);
        var played = ManyCases.play(trial, "carillon.engine.ManySeeds", seeds, FIGURES);
        int violations = Integer.parseInt(played.group(2));
        var took = Duration.ofMillis(Long.parseLong(played.group(3)));
        trial.check(violations == 0, violations + " seeds with violations");
        if (!trial.isShort()) { // A few seeds take as long as it takes to get warm.
            trial.atMost(TEN_THOUSAND, took, "the simulation");
        }
        return "%,d seeds, %,d violations, in %,d s".formatted(seeds, violations, took.toSeconds());
    }
}
