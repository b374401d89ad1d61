package carillon.processor;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/// The settings of a type as they stand. `version` starts at 1 and grows with each change.
public record StoredSettings(
        ProcessorType type, int version, ProcessorSettings settings, Instant updatedAt) {
    public StoredSettings {
        requireNonNull(type, "type");
        requireNonNull(settings, "settings");
        requireNonNull(updatedAt, "updatedAt");
    }
}
