package carillon.processor;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalInt;

/// The use cases of processors.
public final class Processors {
    private final ProcessorStore store;
    private final boolean hasFilesRoot;
    private final InstantSource time;

    public Processors(ProcessorStore store, boolean hasFilesRoot, InstantSource time) {
        this.store = requireNonNull(store, "store");
        this.hasFilesRoot = hasFilesRoot;
        this.time = requireNonNull(time, "time");
    }

    /// As they stand; version 0 when nobody has set any.
    public StoredSettings settings(ProcessorType type) {
        return store.find(type)
                .orElse(new StoredSettings(type, 0, ProcessorSettings.NONE, Instant.EPOCH));
    }

    public sealed interface Changed {
        record Done(StoredSettings settings) implements Changed {}

        /// The settings are no longer at the version that the caller had seen.
        record Conflict(int currentVersion) implements Changed {}
    }

    /// Sets the settings of a type, if they still are at `expectedVersion` where one is given.
    public Changed change(
            ProcessorType type, ProcessorSettings settings, OptionalInt expectedVersion) {
        while (true) {
            var before = settings(type);
            if (expectedVersion.isPresent() && expectedVersion.getAsInt() != before.version()) {
                return new Changed.Conflict(before.version());
            }
            var now = time.instant().truncatedTo(ChronoUnit.MILLIS);
            var after = new StoredSettings(type, before.version() + 1, settings, now);
            if (store.put(after, before.version())) {
                return new Changed.Done(after);
            }
            // Somebody else's change came between: judge anew on what stands now.
        }
    }

    /// What the administrator has to do before tasks can use the type; empty when nothing.
    public Optional<String> missing(ProcessorType type) {
        return switch (type) {
            case CONSOLE, WEBHOOK, SLACK, TEAMS -> Optional.empty();
            case FILE -> hasFilesRoot ? Optional.empty() : Optional.of("files.root is not set");
            case EMAIL -> missing(type, "host", "no mail server is set");
            case GITHUB -> missing(type, "token", "no token is set");
        };
    }

    private Optional<String> missing(ProcessorType type, String value, String what) {
        return settings(type).settings().value(value).isPresent()
                ? Optional.empty()
                : Optional.of(what + " in /processors/" + type.word() + "/config");
    }
}
