package carillon.web;

/// A body that talks: a WebSocket, which the request asks to become. `open` is called once it has;
/// it must not block, and neither may the listener that it returns.
@FunctionalInterface
public interface Socket {
    Listener open(Line line);

    /// What comes from the client. Calls come one after the other.
    interface Listener {
        void text(String text);

        /// The socket has gone, for whatever reason; nothing comes after it.
        void closed();
    }

    /// The way to the client.
    interface Line {
        /// Sends a message, or keeps it until the client has read those before. A client that reads
        /// so slowly that too many are kept is dropped, and told so.
        void send(String text);
    }
}
