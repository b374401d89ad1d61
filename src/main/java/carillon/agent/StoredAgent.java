package carillon.agent;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/// An agent that somebody made, as it stands. `version` starts at 1 and grows with each change.
public record StoredAgent(long id, int version, Agent agent, Instant createdAt, Instant updatedAt) {
    public StoredAgent {
        requireNonNull(agent, "agent");
        requireNonNull(createdAt, "createdAt");
        requireNonNull(updatedAt, "updatedAt");
        if (version < 1) {
            throw new IllegalArgumentException("versions start at 1: " + version);
        }
    }
}
