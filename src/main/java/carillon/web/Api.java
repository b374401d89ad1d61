package carillon.web;

import java.util.List;

/// One of the APIs that the server speaks. The boundary serves it under its prefix, and on a port
/// of its own, at the root, where the configuration says so.
public interface Api {
    /// As in `listeners.NAME`, and as the origin of the tasks that it makes.
    String name();

    /// For example `/chronos`.
    String prefix();

    List<Route> routes();

    Access access();

    /// The refusal in this API's own error shape, also for unknown paths under its prefix.
    Answer refuse(Refusal refusal, String requestId);

    /// Who may call routes that need a permission.
    enum Access {
        /// Those with a key, sent as `Authorization: Bearer`.
        KEY,
        /// Everybody on loopback while no users are configured, with `Host`, `Origin` and
        /// `Sec-Fetch-Site` checked; the users, by HTTP Basic, when there are any.
        LOOPBACK_OR_USERS,
        /// Those who have signed in with a browser, by a cookie, and those with a key. What a
        /// cookie lets in must come from a page of this server.
        SIGN_IN_OR_KEY
    }
}
