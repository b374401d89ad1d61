package carillon.schedule;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/// The rule that names fire times. All questions are answered in constant memory; `next` strictly
/// increases. Fire times are whole seconds for every kind but [Every].
public sealed interface Schedule permits Cron, Every, Calendar, Once {
    /// The first fire time strictly after `after`; empty when there is none any more.
    Optional<FireTime> next(Instant after);

    /// The last fire time strictly before `before`; empty when there is none.
    Optional<FireTime> previous(Instant before);

    /// The zone whose local time the rule speaks of; UTC where the rule has no local time.
    ZoneId zone();

    /// The rule as a sentence in plain English, for example "at 09:00 on weekdays, New York time".
    String describe();
}
