package carillon.audit;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// Which entries are wanted, newest first: those by an actor, of an action, about a target of a
/// kind, from an instant on and before another; with ids below `before`, at most `limit` of them.
public record AuditQuery(
        Optional<String> actor,
        Optional<String> action,
        Optional<String> kind,
        Optional<String> target,
        Optional<Instant> from,
        Optional<Instant> to,
        OptionalLong before,
        int limit) {
    public AuditQuery {
        requireNonNull(actor, "actor");
        requireNonNull(action, "action");
        requireNonNull(kind, "kind");
        requireNonNull(target, "target");
        requireNonNull(from, "from");
        requireNonNull(to, "to");
        requireNonNull(before, "before");
    }

    public static AuditQuery all(int limit) {
        return new AuditQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                limit);
    }
}
