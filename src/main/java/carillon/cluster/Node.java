package carillon.cluster;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/// A node as the database knows it. `alive` is whether its lease goes on, `ahead` how far its clock
/// was before that by which leases are judged when it last took up its lease; below zero if behind.
public record Node(
        Holder holder, Instant startedAt, Instant leaseUntil, boolean alive, Duration ahead) {
    /// How wrong the clock of a node may be that works.
    public static final Duration MAX_SKEW = Duration.ofSeconds(5);

    public Node {
        requireNonNull(holder, "holder");
        requireNonNull(startedAt, "startedAt");
        requireNonNull(leaseUntil, "leaseUntil");
        requireNonNull(ahead, "ahead");
    }
}
