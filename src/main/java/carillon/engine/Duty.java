package carillon.engine;

import java.time.Instant;

/// One thing a node does again and again.
@FunctionalInterface
public interface Duty {
    /// Does what is due at `now`, without waiting for anything to become due, and returns when it
    /// wants to run again at the latest; an instant not after `now` means at once.
    Instant runOnce(Instant now);
}
