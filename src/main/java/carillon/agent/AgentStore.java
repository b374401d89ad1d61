package carillon.agent;

import java.util.List;
import java.util.Optional;

/// Keeps agents. Names are unique.
public interface AgentStore {
    /// A new id; ids grow.
    long newId();

    Optional<StoredAgent> find(long id);

    Optional<StoredAgent> find(String name);

    List<StoredAgent> list(AgentQuery query);

    /// Returns false, and changes nothing, when the name is taken.
    boolean create(StoredAgent agent);

    /// What became of a change.
    enum Update {
        DONE,
        /// Nothing was changed: the agent is not at the expected version (any more), or is gone.
        LOST,
        /// Nothing was changed: another agent has the name.
        TAKEN
    }

    /// Puts the agent in the place of the one with its id, if that is at `expectedVersion`.
    Update update(StoredAgent agent, int expectedVersion);

    /// Returns false when there is none.
    boolean delete(long id);
}
