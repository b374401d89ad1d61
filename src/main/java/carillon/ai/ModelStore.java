package carillon.ai;

import java.util.List;
import java.util.Optional;

/// Keeps the models that somebody made. Names are unique.
public interface ModelStore {
    /// A new id; ids grow.
    long newId();

    Optional<StoredModel> find(long id);

    Optional<StoredModel> find(String name);

    /// Newest first: those with an id below `before`, at most `limit`.
    List<StoredModel> list(long before, int limit);

    /// Returns false, and changes nothing, when the name is taken.
    boolean create(StoredModel model);

    /// Puts the model in the place of the one with its id, whose name stays; returns false, and
    /// changes nothing, when that is not at `expectedVersion` (any more).
    boolean update(StoredModel model, int expectedVersion);

    /// Returns false when there is none.
    boolean delete(long id);
}
