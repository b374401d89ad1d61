package carillon.schedule;

import java.time.Duration;

/// Stable, well-mixed picks from a number that belongs to a task, so that many tasks with the same
/// rule do not all fire at the same instant. The same spread always gives the same pick.
public final class Spread {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Spread() {}

    /// A delay in `[0, max)`, in whole milliseconds; zero when `max` is not positive.
    public static Duration delay(Duration max, long spread) {
        long millis = max.toMillis();
        if (millis <= 0) {
            return Duration.ZERO;
        }
        return Duration.ofMillis(Math.unsignedMultiplyHigh(mixed(spread, 0xDE1A), millis));
    }

    /// A number in `[0, bound)`. Different salts give independent picks.
    static int pick(long spread, int salt, int bound) {
        return (int) Math.unsignedMultiplyHigh(mixed(spread, salt), bound);
    }

    /// Two rounds of multiply and shift, so that neighbouring spreads share nothing.
    private static long mixed(long spread, int salt) {
        long x = ((spread + GOLDEN) * 0xD6E8FEB86659FD93L) ^ ((salt + 1) * GOLDEN);
        x = (x ^ (x >>> 32)) * 0xD6E8FEB86659FD93L;
        x = (x ^ (x >>> 32)) * 0xD6E8FEB86659FD93L;
        return x ^ (x >>> 32);
    }
}
