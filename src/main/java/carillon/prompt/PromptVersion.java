package carillon.prompt;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.OptionalInt;

/// One immutable version of a prompt.
public record PromptVersion(
        PromptId prompt,
        int version,
        PromptDefinition definition,
        Instant createdAt,
        String createdBy,
        OptionalInt rolledBackFrom) {
    public PromptVersion {
        requireNonNull(prompt, "prompt");
        requireNonNull(definition, "definition");
        requireNonNull(createdAt, "createdAt");
        requireNonNull(createdBy, "createdBy");
        requireNonNull(rolledBackFrom, "rolledBackFrom");
        if (version < 1) {
            throw new IllegalArgumentException("versions start at 1: " + version);
        }
    }
}
