package carillon.agent;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The use cases of agents.
public final class Agents {
    private final AgentStore store;
    private final InstantSource time;

    public Agents(AgentStore store, InstantSource time) {
        this.store = requireNonNull(store, "store");
        this.time = requireNonNull(time, "time");
    }

    public Optional<StoredAgent> find(long id) {
        return store.find(id);
    }

    /// By id, where the text is a number, else by name.
    public Optional<StoredAgent> find(String idOrName) {
        return isNumber(idOrName) ? store.find(Long.parseLong(idOrName)) : store.find(idOrName);
    }

    /// Whether a text in the place of a name stands for an id.
    public static boolean isNumber(String text) {
        return text.matches("[0-9]{1,16}");
    }

    public List<StoredAgent> list(AgentQuery query) {
        return store.list(query);
    }

    /// Empty when the name is taken.
    public Optional<StoredAgent> create(Agent agent) {
        var now = now();
        var made = new StoredAgent(store.newId(), 1, agent, now, now);
        return store.create(made) ? Optional.of(made) : Optional.empty();
    }

    public sealed interface Changed {
        record Done(StoredAgent agent) implements Changed {}

        record NotFound() implements Changed {}

        /// The agent is no longer at the version that the caller had seen.
        record Conflict(int currentVersion) implements Changed {}

        /// Another agent has the name.
        record Taken() implements Changed {}
    }

    /// Puts `agent` in the place of the one with this id, if that still is at `expectedVersion`
    /// where one is given. Runs under way go on with what they began with.
    public Changed update(long id, Agent agent, OptionalInt expectedVersion) {
        while (true) {
            var found = store.find(id);
            if (found.isEmpty()) {
                return new Changed.NotFound();
            }
            var before = found.get();
            if (expectedVersion.isPresent() && expectedVersion.getAsInt() != before.version()) {
                return new Changed.Conflict(before.version());
            }
            var after = new StoredAgent(id, before.version() + 1, agent, before.createdAt(), now());
            switch (store.update(after, before.version())) {
                case DONE -> {
                    return new Changed.Done(after);
                }
                case TAKEN -> {
                    return new Changed.Taken();
                }
                case LOST -> {
                    // Somebody else's change came between: judge anew on what stands now.
                }
            }
        }
    }

    /// Returns false when there is none. Actions that name it fail from then on.
    public boolean delete(long id) {
        return store.delete(id);
    }

    private Instant now() {
        return time.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
