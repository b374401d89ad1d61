package carillon.ai;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The use cases of models. A model that somebody made comes before one of the administrator's with
/// the same name.
public final class Models implements ModelSource {
    private final AdministratorModels administrators;
    private final ModelStore store;
    private final InstantSource time;

    public Models(AdministratorModels administrators, ModelStore store, InstantSource time) {
        this.administrators = requireNonNull(administrators, "administrators");
        this.store = requireNonNull(store, "store");
        this.time = requireNonNull(time, "time");
    }

    @Override
    public Optional<Model> find(String name) {
        return store.find(name)
                .map(stored -> administrators.complete(stored.model()))
                .or(() -> administrators.find(name));
    }

    /// By id, where the text is a number, else by name.
    public Optional<StoredModel> stored(String idOrName) {
        return idOrName.matches("[0-9]{1,16}")
                ? store.find(Long.parseLong(idOrName))
                : store.find(idOrName);
    }

    /// Newest first: those with an id below `before`, at most `limit`.
    public List<StoredModel> list(long before, int limit) {
        return store.list(before, limit);
    }

    /// Empty when the name is taken, as that of the built-in model is.
    public Optional<StoredModel> create(Model model) {
        var now = now();
        var made = new StoredModel(store.newId(), 1, model, now, now);
        boolean free = !model.name().equals(Model.ECHO_NAME) && store.create(made);
        return free ? Optional.of(made) : Optional.empty();
    }

    public sealed interface Changed {
        record Done(StoredModel model) implements Changed {}

        record NotFound() implements Changed {}

        /// The model is no longer at the version that the caller had seen.
        record Conflict(int currentVersion) implements Changed {}
    }

    /// Puts `model` in the place of the one with this id, which keeps its name, if that still is at
    /// `expectedVersion` where one is given.
    public Changed update(long id, Model model, OptionalInt expectedVersion) {
        while (true) {
            var found = store.find(id);
            if (found.isEmpty()) {
                return new Changed.NotFound();
            }
            var before = found.get();
            if (expectedVersion.isPresent() && expectedVersion.getAsInt() != before.version()) {
                return new Changed.Conflict(before.version());
            }
            var after = new StoredModel(id, before.version() + 1, model, before.createdAt(), now());
            if (store.update(after, before.version())) {
                return new Changed.Done(after);
            }
            // Somebody else's change came between: judge anew on what stands now.
        }
    }

    /// Returns false when there is none. Tasks that name it fail from then on.
    public boolean delete(long id) {
        return store.delete(id);
    }

    private Instant now() {
        return time.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
