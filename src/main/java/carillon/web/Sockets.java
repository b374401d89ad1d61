package carillon.web;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The sockets that are open: so many and no more, and none once the server stops.
final class Sockets {
    private final int max;
    private final Set<JettySocket> open = new HashSet<>();
    private boolean closed;

    Sockets(int max) {
        this.max = max;
    }

    /// Empty when there is no room.
    synchronized Optional<JettySocket> enter(Socket socket) {
        if (closed || open.size() >= max) {
            return Optional.empty();
        }
        var entered = new JettySocket(socket, this);
        open.add(entered);
        return Optional.of(entered);
    }

    synchronized void leave(JettySocket socket) {
        open.remove(socket);
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /// Says goodbye to those that are open; no more come in.
    void close() {
        List<JettySocket> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(open);
        }
        all.forEach(JettySocket::goAway);
    }
}
