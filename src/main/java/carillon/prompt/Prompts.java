package carillon.prompt;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.Function;

/// The use cases of prompts. What they return is on disk.
public final class Prompts {
    private final PromptStore store;
    private final InstantSource time;

    public Prompts(PromptStore store, InstantSource time) {
        this.store = store;
        this.time = time;
    }

    public sealed interface Created {
        record Done(Prompt prompt) implements Created {}

        /// Another prompt has the name.
        record NameTaken() implements Created {}

        /// The text is no template, speaks of variables that nobody declares, or includes what it
        /// cannot.
        record Invalid(List<Fault> faults) implements Created {
            public Invalid {
                faults = List.copyOf(faults);
            }
        }
    }

    /// Stores a new prompt; `by` is who asks.
    public Created create(PromptDefinition definition, String by) {
        var faults = Checks.of(definition, after(definition, Optional.empty()));
        if (!faults.isEmpty()) {
            return new Created.Invalid(faults);
        }
        var now = now();
        var first = new PromptVersion(store.newId(), 1, definition, now, by, OptionalInt.empty());
        return store.create(first)
                ? new Created.Done(new Prompt(first.prompt(), 1, definition, now, now))
                : new Created.NameTaken();
    }

    /// The prompts by name, once `definition` has been stored in place of `before`.
    private Function<String, Optional<PromptDefinition>> after(
            PromptDefinition definition, Optional<Prompt> before) {
        return name -> {
            if (name.equals(definition.name())) {
                return Optional.of(definition);
            }
            boolean goes = before.filter(was -> was.definition().name().equals(name)).isPresent();
            return goes ? Optional.empty() : current(name);
        };
    }

    private Optional<PromptDefinition> current(String name) {
        return store.find(name).map(Prompt::definition);
    }

    public Optional<Prompt> find(PromptReference reference) {
        return switch (reference) {
            case PromptReference.ById(var id) -> store.find(id);
            case PromptReference.ByName(var name) -> store.find(name);
        };
    }

    public List<Prompt> list(PromptQuery query) {
        return store.list(query);
    }

    public sealed interface Changed {
        record Done(Prompt prompt) implements Changed {}

        record NotFound() implements Changed {}

        /// The version asked to roll back to does not exist.
        record NoSuchVersion() implements Changed {}

        /// The prompt is no longer at the version that the caller had seen.
        record Conflict(int currentVersion) implements Changed {}

        /// Another prompt has the name.
        record NameTaken() implements Changed {}

        /// As with [Created.Invalid]; a version rolled back to may include what is there no more.
        record Invalid(List<Fault> faults) implements Changed {
            public Invalid {
                faults = List.copyOf(faults);
            }
        }
    }

    /// Makes `definition` a new version, if the prompt still is at `expectedVersion` where one is
    /// given.
    public Changed update(
            PromptId id, PromptDefinition definition, OptionalInt expectedVersion, String by) {
        return change(id, definition, expectedVersion, by, OptionalInt.empty());
    }

    /// Makes a new version that says what `version` said, under the same condition.
    public Changed rollback(PromptId id, int version, OptionalInt expectedVersion, String by) {
        if (store.find(id).isEmpty()) {
            return new Changed.NotFound();
        }
        var wanted = store.version(id, version);
        return wanted.isEmpty()
                ? new Changed.NoSuchVersion()
                : change(
                        id,
                        wanted.get().definition(),
                        expectedVersion,
                        by,
                        OptionalInt.of(version));
    }

    private Changed change(
            PromptId id,
            PromptDefinition definition,
            OptionalInt expectedVersion,
            String by,
            OptionalInt rolledBackFrom) {
        while (true) {
            var found = store.find(id);
            if (found.isEmpty()) {
                return new Changed.NotFound();
            }
            var prompt = found.get();
            if (expectedVersion.isPresent() && expectedVersion.getAsInt() != prompt.version()) {
                return new Changed.Conflict(prompt.version());
            }
            var faults = Checks.of(definition, after(definition, found));
            if (!faults.isEmpty()) {
                return new Changed.Invalid(faults);
            }
            var now = now();
            var next =
                    new PromptVersion(
                            id, prompt.version() + 1, definition, now, by, rolledBackFrom);
            switch (store.addVersion(next, prompt.version())) {
                case DONE -> {
                    return new Changed.Done(
                            new Prompt(id, next.version(), definition, prompt.createdAt(), now));
                }
                case NAME_TAKEN -> {
                    return new Changed.NameTaken();
                }
                case OVERTAKEN -> {} // Judge anew on what stands now.
            }
        }
    }

    /// Newest first, those below `before`; empty when there is no such prompt.
    public List<PromptVersion> versions(PromptId id, long before, int limit) {
        return store.versions(id, before, limit);
    }

    public Optional<PromptVersion> version(PromptId id, int version) {
        return store.version(id, version);
    }

    /// Deletes the prompt with its versions, if it still is at `expectedVersion` where one is
    /// given; returns false when it is not or there is none. Prompts that include it are left with
    /// a broken include.
    public boolean delete(PromptId id, OptionalInt expectedVersion) {
        return store.delete(id, expectedVersion);
    }

    public sealed interface Compared {
        record Done(PromptDiff diff) implements Compared {}

        record NoSuchVersion(int version) implements Compared {}

        /// A text has more than [PromptDiff#MAX_LINES] lines.
        record TooLong() implements Compared {}
    }

    /// Compares two versions of a prompt.
    public Compared diff(PromptId id, int from, int to) {
        var before = store.version(id, from);
        if (before.isEmpty()) {
            return new Compared.NoSuchVersion(from);
        }
        var after = store.version(id, to);
        if (after.isEmpty()) {
            return new Compared.NoSuchVersion(to);
        }
        return PromptDiff.of(before.get(), after.get())
                .<Compared>map(Compared.Done::new)
                .orElseGet(Compared.TooLong::new);
    }

    /// The prompt's text with these values; `version` empty is the newest. Values for variables
    /// that nobody declares are not used. Of the built-in variables, those absent are empty.
    public Rendering render(
            PromptReference reference,
            OptionalInt version,
            Map<String, String> variables,
            Map<String, String> builtins) {
        return trial(reference, version, variables, builtins).rendering();
    }

    /// A rendering, and the variables given that no prompt in it declares, in order.
    public record Trial(Rendering rendering, List<String> unknown) {
        public Trial {
            unknown = List.copyOf(unknown);
        }
    }

    /// As [#render].
    public Trial trial(
            PromptReference reference,
            OptionalInt version,
            Map<String, String> variables,
            Map<String, String> builtins) {
        var prompt = find(reference);
        if (prompt.isEmpty()) {
            return new Trial(new Rendering.NotFound("prompt " + named(reference)), List.of());
        }
        var id = prompt.get().id();
        int number = version.orElse(prompt.get().version());
        var definition =
                number == prompt.get().version()
                        ? Optional.of(prompt.get().definition())
                        : store.version(id, number).map(PromptVersion::definition);
        if (definition.isEmpty()) {
            var what = "version " + number + " of prompt " + named(reference);
            return new Trial(new Rendering.NotFound(what), List.of());
        }
        var expansion = new Expansion(this::current, builtins);
        var text = expansion.expand(definition.get(), variables);
        var unknown = new TreeSet<>(variables.keySet());
        unknown.removeAll(expansion.declared());
        var source = Optional.of(new Rendering.Source(id, number));
        return new Trial(rendering(expansion, text, source), List.copyOf(unknown));
    }

    /// A text that is stored nowhere with these values, which are all that it may name besides the
    /// built-in variables and what the prompts that it includes declare.
    public Rendering fill(
            String text, Map<String, String> variables, Map<String, String> builtins) {
        var expansion = new Expansion(this::current, builtins);
        return rendering(expansion, expansion.expandText(text, variables), Optional.empty());
    }

    private static Rendering rendering(
            Expansion expansion, String text, Optional<Rendering.Source> source) {
        if (expansion.failure().isPresent()) {
            return expansion.failure().get();
        }
        return expansion.missing().isEmpty()
                ? new Rendering.Rendered(text, source)
                : new Rendering.Missing(expansion.missing());
    }

    private static String named(PromptReference reference) {
        return switch (reference) {
            case PromptReference.ById(var id) -> id.toString();
            case PromptReference.ByName(var name) -> PromptTemplate.shown(name);
        };
    }

    private Instant now() {
        return time.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
