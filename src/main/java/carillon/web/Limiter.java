package carillon.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/// Requests per minute for each principal, or for each address where nobody has shown who they are.
/// An IPv6 address counts as its /64, which is what one subscriber has.
final class Limiter {
    private static final int MAX_BUCKETS = 20_000;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final OptionalInt perMinute;
    private final InstantSource time;
    private final Cache<String, Bucket> buckets =
            Caffeine.newBuilder()
                    .maximumSize(MAX_BUCKETS)
                    .expireAfterAccess(MINUTE.multipliedBy(2))
                    .build();

    Limiter(OptionalInt perMinute, InstantSource time) {
        this.perMinute = perMinute;
        this.time = time;
    }

    /// Whether there is a limit at all.
    boolean limits() {
        return perMinute.isPresent();
    }

    /// What the limit says to one request. `tryAgainIn` is empty when it may go on; the headers
    /// tell the client how it stands.
    record Verdict(Optional<Duration> tryAgainIn, Map<String, String> headers) {
        static final Verdict FREE = new Verdict(Optional.empty(), Map.of());

        Verdict {
            headers = Map.copyOf(headers);
        }
    }

    static String keyOf(Principal principal) {
        return "principal " + principal.name();
    }

    static String keyOf(InetAddress address) {
        byte[] bytes = address.getAddress();
        var counted = address instanceof Inet6Address ? Arrays.copyOf(bytes, 8) : bytes;
        return "address " + Base64.getEncoder().encodeToString(counted);
    }

    /// Counts one request against the key.
    Verdict take(String key) {
        if (perMinute.isEmpty()) {
            return Verdict.FREE;
        }
        int limit = perMinute.getAsInt();
        var probe = buckets.get(key, _ -> bucket(limit)).tryConsumeAndReturnRemaining(1);
        var reset = time.instant().plusNanos(probe.getNanosToWaitForReset());
        var headers =
                Map.of(
                        "X-RateLimit-Limit", Integer.toString(limit),
                        "X-RateLimit-Remaining", Long.toString(probe.getRemainingTokens()),
                        "X-RateLimit-Reset", Long.toString(reset.getEpochSecond()));
        return probe.isConsumed()
                ? new Verdict(Optional.empty(), headers)
                : new Verdict(
                        Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill())), headers);
    }

    private Bucket bucket(int limit) {
        return Bucket.builder()
                .addLimit(bandwidth -> bandwidth.capacity(limit).refillGreedy(limit, MINUTE))
                .withCustomTimePrecision(new Meter(time))
                .build();
    }

    private record Meter(InstantSource time) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return TimeUnit.MILLISECONDS.toNanos(time.millis());
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
