package carillon.faults;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// What a server's `/metrics` said at one moment: values by name and labels.
final class Scrape {
    private static final String LATE = "carillon_lateness_seconds_bucket{le=\"";

    private final Map<String, Double> values = new HashMap<>();

    private Scrape() {}

    static Scrape of(Caller caller) throws IOException, InterruptedException {
        var scrape = new Scrape();
        for (var line : caller.send("GET", "/metrics", "").body().split("\n", -1)) {
            int space = line.lastIndexOf(' ');
            if (space > 0 && !line.startsWith("#")) {
                scrape.values.put(
                        line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
            }
        }
        return scrape;
    }

    /// Throws when there is no such value.
    double value(String name) {
        var value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("no metric is called " + name);
        }
        return value;
    }

    /// The least bound, in seconds, below which this share of the runs since then was late;
    /// infinite when they were later than any.
    double lateSince(Scrape before, double share) {
        double all = value("carillon_lateness_seconds_count") - before.lateCount();
        double least = Double.POSITIVE_INFINITY;
        for (var name : values.keySet()) {
            if (!name.startsWith(LATE) || name.contains("+Inf")) {
                continue;
            }
            double bound =
                    Double.parseDouble(
                            name.substring(LATE.length(), name.indexOf('"', LATE.length())));
            double within = value(name) - before.values.getOrDefault(name, 0.0);
            if (within >= share * all) {
                least = Math.min(least, bound);
            }
        }
        return least;
    }

    private double lateCount() {
        return values.getOrDefault("carillon_lateness_seconds_count", 0.0);
    }
}
