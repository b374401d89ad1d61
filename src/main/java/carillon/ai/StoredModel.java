package carillon.ai;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/// A model that somebody made, as it stands. `version` starts at 1 and grows with each change.
public record StoredModel(long id, int version, Model model, Instant createdAt, Instant updatedAt) {
    public StoredModel {
        requireNonNull(model, "model");
        requireNonNull(createdAt, "createdAt");
        requireNonNull(updatedAt, "updatedAt");
        if (version < 1) {
            throw new IllegalArgumentException("versions start at 1: " + version);
        }
    }
}
