package carillon.secret;

import java.util.Optional;

/// Keeps the one sealed text by which a key is known to be the right one.
public interface CanaryStore {
    Optional<String> find();

    /// Keeps `proposed` where there is none yet; returns the one that is kept.
    String keep(String proposed);
}
