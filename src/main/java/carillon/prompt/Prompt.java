package carillon.prompt;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/// A stored prompt: its definition in the version now in force.
public record Prompt(
        PromptId id,
        int version,
        PromptDefinition definition,
        Instant createdAt,
        Instant updatedAt) {
    public Prompt {
        requireNonNull(id, "id");
        requireNonNull(definition, "definition");
        requireNonNull(createdAt, "createdAt");
        requireNonNull(updatedAt, "updatedAt");
        if (version < 1) {
            throw new IllegalArgumentException("versions start at 1: " + version);
        }
    }
}
