package carillon.batch;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/// What a row carries along for whoever reads its answer. `metadata` is an object.
public record Labels(
        Optional<JsonNode> metadata,
        Optional<String> batchId,
        Optional<String> correlationId,
        Optional<String> idempotencyKey) {
    public static final Labels NONE =
            new Labels(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public Labels {
        requireNonNull(metadata, "metadata");
        requireNonNull(batchId, "batchId");
        requireNonNull(correlationId, "correlationId");
        requireNonNull(idempotencyKey, "idempotencyKey");
    }
}
