package carillon.ai;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The use cases of models. A model of the configuration comes before one that somebody made, and
/// that before what the administrator has given a key for.
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
        var stored =
                configured(name).isPresent() ? Optional.<StoredModel>empty() : store.find(name);
        return stored.map(own -> administrators.complete(own.model()))
                .or(() -> administrators.find(name))
                .map(this::priced);
    }

    /// A model that says no prices costs what the list says.
    private Model priced(Model model) {
        return listed(model).map(model::costing).orElse(model);
    }

    /// What the model costs by the list, where it says no prices of its own.
    public Optional<Prices> listed(Model model) {
        return model.prices().isPresent()
                ? Optional.empty()
                : prices().of(administrators.complete(model));
    }

    public PriceList prices() {
        return administrators.prices();
    }

    /// The models of the configuration, which nobody else can change.
    public List<Model> configured() {
        return administrators.configured();
    }

    /// The model of this name in the configuration.
    public Optional<Model> configured(String name) {
        return administrators.configured(name);
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

    /// Empty when the name is taken, as those of the built-in model and of the configured ones are.
    public Optional<StoredModel> create(Model model) {
        var now = now();
        var made = new StoredModel(store.newId(), 1, model, now, now);
        boolean reserved =
                model.name().equals(Model.ECHO_NAME) || configured(model.name()).isPresent();
        boolean free = !reserved && store.create(made);
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
