package carillon.web;

/// A body that goes on: a stream of server-sent events. It runs on the request's own thread until
/// it returns, the client has gone, or the server stops (which interrupts it).
@FunctionalInterface
public interface Feed {
    void run(Sink sink) throws InterruptedException;

    /// Where the events go. Each method sends at once and returns false, from then on, when the
    /// client has gone.
    interface Sink {
        /// Sends an event. `data` is anything that Jackson writes.
        boolean event(String id, String type, Object data);

        /// Sends an event whose data is text as it stands, such as a part of a page.
        boolean text(String type, String data);

        /// Sends a comment, which keeps the connection alive and tells whether it still is.
        boolean comment(String text);
    }
}
