package carillon.json;

import static java.util.Objects.requireNonNull;

import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;

/// What must be known, beside the text, to read a definition. `spread` decides what `H` in a cron
/// expression stands for; `anchor` is where an interval without an anchor counts from; `zone` is
/// meant where no zone is named; `previous` is the definition that is to be replaced, from which
/// masked secrets and an interval's anchor are taken; `alongside` are field names that may stand
/// beside the definition's own and are somebody else's to read.
public record ReadContext(
        Form form,
        long spread,
        Instant anchor,
        ZoneId zone,
        Optional<TaskDefinition> previous,
        Set<String> alongside) {
    /// The two places where definitions stand.
    public enum Form {
        /// In front of people: secrets are masked, and what they write is checked against all
        /// limits.
        SHOWN,
        /// In a store: whatever was once accepted, exactly, secrets included.
        STORED
    }

    public ReadContext {
        requireNonNull(form, "form");
        requireNonNull(anchor, "anchor");
        requireNonNull(zone, "zone");
        requireNonNull(previous, "previous");
        alongside = Set.copyOf(alongside);
    }

    /// For a definition that somebody sends. `H` is spread by the task's id.
    public static ReadContext sent(TaskId id, Instant now, ZoneId zone) {
        return new ReadContext(Form.SHOWN, id.value(), now, zone, Optional.empty(), Set.of());
    }

    static ReadContext stored(TaskId id) {
        return new ReadContext(
                Form.STORED, id.value(), Instant.EPOCH, ZoneOffset.UTC, Optional.empty(), Set.of());
    }

    public ReadContext replacing(TaskDefinition previousDefinition) {
        return new ReadContext(
                form, spread, anchor, zone, Optional.of(previousDefinition), alongside);
    }

    public ReadContext alongside(Set<String> names) {
        return new ReadContext(form, spread, anchor, zone, previous, names);
    }

    boolean isShown() {
        return form == Form.SHOWN;
    }
}
