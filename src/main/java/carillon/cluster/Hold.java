package carillon.cluster;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/// Why all nodes start nothing, and since when: a restored backup is looked at before it goes on.
public record Hold(Instant since, String reason) {
    public Hold {
        requireNonNull(since, "since");
        requireNonNull(reason, "reason");
    }
}
