package carillon.web;

import java.time.Duration;

/// Sees each request when it has been answered.
@FunctionalInterface
public interface Watch {
    /// Looks away.
    Watch NONE = (_, _, _, _) -> {};

    /// `route` is the method and the path as the route table has it, so that there are not too many
    /// of them, or `none`.
    void answered(String api, String route, int status, Duration took);
}
