package carillon.cluster;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/// A node as the database knows it.
public record Node(Holder holder, Instant startedAt, Instant leaseUntil) {
    public Node {
        requireNonNull(holder, "holder");
        requireNonNull(startedAt, "startedAt");
        requireNonNull(leaseUntil, "leaseUntil");
    }

    public boolean isAlive(Instant now) {
        return leaseUntil.isAfter(now);
    }
}
