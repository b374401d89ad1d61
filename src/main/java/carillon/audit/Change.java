package carillon.audit;

import static java.util.Objects.requireNonNull;

/// What was done to what: an action such as `task.update`, the target's kind and id, its name where
/// it has one, and a few words of detail. Never a secret, and never a definition.
public record Change(String action, String kind, String target, String name, String detail) {
    public Change {
        requireNonNull(action, "action");
        requireNonNull(kind, "kind");
        requireNonNull(target, "target");
        requireNonNull(name, "name");
        requireNonNull(detail, "detail");
    }

    /// The action is `KIND.VERB`.
    public static Change of(String kind, String verb, Object target, String name, String detail) {
        return new Change(kind + "." + verb, kind, target.toString(), name, detail);
    }
}
