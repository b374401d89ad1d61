package carillon.oneshot;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// What a client calls a task in one API, where `id` is unique; `batch` is the name of the batch
/// that it belongs to.
public record ClientName(String api, String id, Optional<String> batch, Optional<Once> once) {
    /// So that a request that is sent again makes nothing new: `key` is the client's, unique in its
    /// API, and `fingerprint` tells one request from another.
    public record Once(String key, String fingerprint) {
        public Once {
            requireNonNull(key, "key");
            requireNonNull(fingerprint, "fingerprint");
        }
    }

    /// Where the names of batches of an API are unique, apart from those of tasks.
    public static String batchesOf(String api) {
        return api + ".batches";
    }

    public ClientName {
        requireNonNull(api, "api");
        requireNonNull(id, "id");
        requireNonNull(batch, "batch");
        requireNonNull(once, "once");
    }
}
