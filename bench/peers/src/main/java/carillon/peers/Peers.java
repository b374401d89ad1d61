package carillon.peers;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/// Measures one scheduler and prints one JSON line. `fire NAME URL JOBS NODES`: jobs a second, all of
/// them due before the start, from the first that is done until the ends of all are on disk, done by
/// so many nodes of it in this process. `late NAME URL RATE SECONDS`: how late the
/// jobs begin that are due one after the other, so many a second.
public final class Peers {
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final Duration HEAD_START = Duration.ofSeconds(3);

    private Peers() {}

    public static void main(String[] arguments) throws Exception {
        var name = arguments[1];
        int number = Integer.parseInt(arguments[3], 10);
        var line =
                switch (arguments[0]) {
                    case "fire" ->
                            fire(name, arguments[2], number, Integer.parseInt(arguments[4], 10));
                    case "late" ->
                            late(name, arguments[2], number, Integer.parseInt(arguments[4], 10));
                    default -> throw new IllegalArgumentException(arguments[0]);
                };
        System.out.println(line);
        System.exit(0); // Some of them leave threads behind.
    }

    private static Contender open(String name, String url, int nodes) throws Exception {
        return switch (name) {
            case "db-scheduler" -> new DbScheduler(url, nodes);
            case "quartz" -> QuartzScheduler.clustered(url, nodes);
            case "quartz-ram" -> QuartzScheduler.inMemory();
            case "jobrunr" -> new JobRunrScheduler(url, nodes);
            default -> throw new IllegalArgumentException("no contender " + name);
        };
    }

    /// A fifth of the jobs come first, so that nobody is measured cold.
    private static String fire(String name, String url, int jobs, int nodes) throws Exception {
        measure(name, url, jobs / 5, nodes);
        return measure(name, url, jobs, nodes);
    }

    private static String measure(String name, String url, int jobs, int nodes) throws Exception {
        try (var contender = open(name, url, nodes)) {
            var past = Instant.now().minusSeconds(1);
            Done.expect(jobs);
            contender.store(IntStream.range(0, jobs).mapToObj(i -> past.plusNanos(i)).toList());
            contender.start();
            Done.awaitAll();
            // Peers do not tell when their last write is durable, so their tables are looked at; a
            // pause between two looks leaves the database to them.
            while (!contender.isSettled()) {
                Thread.sleep(LOOK);
            }
            double rate = jobs / (Done.sinceFirst().toNanos() / 1e9);
            return String.format(
                    Locale.ROOT,
                    "{\"bench\":\"fire\",\"name\":\"%s\",\"nodes\":%d,\"rate\":%.1f,\"jobs\":%d,"
                            + "\"settings\":\"%s\"}",
                    name,
                    nodes,
                    rate,
                    jobs,
                    contender.settings());
        }
    }

    private static String late(String name, String url, int rate, int seconds) throws Exception {
        int jobs = rate * seconds;
        try (var contender = open(name, url, 1)) {
            Done.expect(jobs);
            var storing = Duration.ofMillis(jobs / 2L); // Two jobs a millisecond can all store.
            var first = Instant.now().plus(HEAD_START).plus(storing);
            contender.store(
                    IntStream.range(0, jobs)
                            .mapToObj(i -> first.plusMillis(1_000L * i / rate))
                            .toList());
            if (Instant.now().isAfter(first)) {
                throw new IllegalStateException("storing took longer than was allowed for");
            }
            contender.start();
            Done.awaitAll();
            var late = Done.late();
            Arrays.sort(late);
            return String.format(
                    Locale.ROOT,
                    "{\"bench\":\"late\",\"name\":\"%s\",\"rate\":%d,\"p50_ms\":%.1f,"
                            + "\"p99_ms\":%.1f,\"p999_ms\":%.1f,\"max_ms\":%.1f,\"settings\":\"%s\"}",
                    name,
                    rate,
                    part(late, 0.5),
                    part(late, 0.99),
                    part(late, 0.999),
                    part(late, 1),
                    contender.settings());
        }
    }

    /// In milliseconds.
    private static double part(long[] sorted, double part) {
        int at = (int) Math.ceil(part * sorted.length) - 1;
        return sorted[Math.max(0, at)] / 1e6;
    }
}
