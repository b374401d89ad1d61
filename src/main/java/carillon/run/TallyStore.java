package carillon.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;

/// Counts how runs ended, in the transactions that write the ends: minute by minute, and in all. So
/// nobody reads the history to know. A run that stands for many slots, as MISSED ones do, counts as
/// many.
public interface TallyStore {
    /// Since the counting began; states in which none ended are absent.
    Map<RunState, Long> all();

    /// Of the minutes from `from` on and before `to`, put together in steps of `step`, which is
    /// some minutes; each by its beginning, counted from 1970. Steps without an end are absent.
    SortedMap<Instant, Map<RunState, Long>> between(Instant from, Instant to, Duration step);

    /// Forgets the minutes before `before`; what is counted in all stays.
    void forget(Instant before);
}
