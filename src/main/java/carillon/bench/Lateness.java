package carillon.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// How late runs began, in milliseconds, as their rows say.
final class Lateness {
    private final long[] sorted;

    Lateness(long[] millis) {
        sorted = millis.clone();
        Arrays.sort(sorted);
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no run began");
        }
    }

    /// The least lateness that a `share` of the runs, from 0 to 1, did not exceed.
    long at(double share) {
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
    }

    Map<String, Object> figures() {
        var figures = new LinkedHashMap<String, Object>();
        figures.put("p50_ms", at(0.5));
        figures.put("p99_ms", at(0.99));
        figures.put("p999_ms", at(0.999));
        figures.put("max_ms", at(1));
        return figures;
    }
}
