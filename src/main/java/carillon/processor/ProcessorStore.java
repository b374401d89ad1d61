package carillon.processor;

import java.util.Optional;

/// Keeps the settings of processors.
public interface ProcessorStore {
    /// Empty as long as nobody has set any.
    Optional<StoredSettings> find(ProcessorType type);

    /// Puts settings in the place of those at `expectedVersion`, 0 meaning that there are none;
    /// returns false, and changes nothing, when it is another.
    boolean put(StoredSettings settings, int expectedVersion);
}
