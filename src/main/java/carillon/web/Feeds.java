package carillon.web;

import java.util.HashSet;
import java.util.Set;

/// The event streams that are open: so many and no more, and none once the server stops.
final class Feeds {
    private final int max;
    private final Set<Thread> open = new HashSet<>();
    private boolean closed;

    Feeds(int max) {
        this.max = max;
    }

    /// Returns false when there is no room.
    synchronized boolean enter(Thread thread) {
        if (closed || open.size() >= max) {
            return false;
        }
        return open.add(thread);
    }

    synchronized void leave(Thread thread) {
        open.remove(thread);
    }

    /// Interrupts those that are open; no more come in.
    synchronized void close() {
        closed = true;
        open.forEach(Thread::interrupt);
    }
}
