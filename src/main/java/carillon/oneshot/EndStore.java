package carillon.oneshot;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Counts how runs that put a prompt to a model ended, as they are written: minute by minute, and
/// in all. So nobody reads the history to know.
public interface EndStore {
    /// Since the counting began, by the name of the model.
    Map<String, Ends> all();

    /// Of the minutes from `from` on and before `to`, put together in steps of `step`, which is
    /// some minutes; each by its beginning, counted from 1970. Steps without an end are absent.
    Map<Instant, List<Ends>> between(Instant from, Instant to, Duration step);

    /// Forgets the minutes before `before`; what is counted in all stays.
    void forget(Instant before);
}
