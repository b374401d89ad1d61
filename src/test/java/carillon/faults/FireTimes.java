package carillon.faults;

import java.io.IOException;
import java.util.regex.Pattern;

/// Fire times of random expressions, zones and instants against a walk over the clock minute by
/// minute, and against other cron libraries (PROMISES R9).
///
/// `FireTimes FOLDER [CASES]`.
final class FireTimes {
    private static final Pattern FIGURES =
            Pattern.compile(
                    "(\\d+) cases, (\\d+) refused, (\\d+) differences,"
                            + " left out \\{(.*)}, (\\d+) ms");

    private FireTimes() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Trial.main("R9 cron and DST", arguments, FireTimes::run);
    }

    private static String run(Trial trial) throws IOException, InterruptedException {
        int cases = trial.number(0, 20_000, 1_000_000);
        var played = ManyCases.play(trial, "carillon.schedule.ManyCrons", cases, FIGURES);
        int differences = Integer.parseInt(played.group(3));
        trial.check(differences == 0, differences + " differences");
        return ("%,d of %,d random cases against the oracle, %,d against Spring, Quartz and"
                        + " cron-utils (left out as known to be wrong: %s): %,d differences, in"
                        + " %,d s")
                .formatted(
                        Integer.parseInt(played.group(1)),
                        cases,
                        cases / 10,
                        played.group(4),
                        differences,
                        Long.parseLong(played.group(5)) / 1_000);
    }
}
