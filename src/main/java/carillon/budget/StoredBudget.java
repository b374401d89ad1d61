package carillon.budget;

import static java.util.Objects.requireNonNull;

import carillon.task.Budget;
import java.time.Instant;
import java.util.Locale;

/// A budget of its own, beside those in tasks. `name` says which tag, model or key it is for and is
/// empty for the installation's; there is one for each scope, name and period, which stay.
/// `version` starts at 1 and grows with each change.
public record StoredBudget(
        long id,
        int version,
        Scope scope,
        String name,
        Budget terms,
        Instant createdAt,
        Instant updatedAt) {
    public StoredBudget {
        requireNonNull(scope, "scope");
        requireNonNull(name, "name");
        requireNonNull(terms, "terms");
        requireNonNull(createdAt, "createdAt");
        requireNonNull(updatedAt, "updatedAt");
        if (name.isEmpty() != (scope == Scope.INSTALLATION)) {
            throw new IllegalArgumentException(scope + " named '" + name + "'");
        }
        if (version < 1) {
            throw new IllegalArgumentException("versions start at 1: " + version);
        }
    }

    /// Such as `the installation`, `tag blue`, `model gpt-x`.
    public String label() {
        return scope == Scope.INSTALLATION
                ? "the installation"
                : scope.name().toLowerCase(Locale.ROOT) + " " + name;
    }

    /// Whether a call falls under it.
    boolean covers(Spender spender) {
        return switch (scope) {
            case INSTALLATION -> true;
            case TAG -> spender.hasTag(name);
            case MODEL -> spender.model().equals(name);
            case KEY -> spender.isMadeBy(name);
        };
    }
}
