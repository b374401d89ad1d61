package carillon.budget;

import java.util.List;

/// At which parts of a limit people are told, once a period each.
public final class Alerts {
    /// In percent, rising.
    private static final List<Integer> THRESHOLDS = List.of(50, 80, 100);

    private Alerts() {}

    /// The thresholds above `told`, in percent, that `spent` has come to.
    public static List<Integer> due(long spent, long limit, int told) {
        return THRESHOLDS.stream()
                .filter(percent -> percent > told && isReached(percent, spent, limit))
                .toList();
    }

    private static boolean isReached(int percent, long spent, long limit) {
        // Divided first where the product could be too long.
        return spent > 0
                && (limit > Long.MAX_VALUE / 100
                        ? spent >= limit / 100 * percent
                        : spent >= Math.ceilDiv(limit * percent, 100));
    }
}
