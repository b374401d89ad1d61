package carillon.schedule;

import java.time.Instant;
import java.time.ZoneId;

/// Reads schedules from the texts that people write.
public final class Schedules {
    private Schedules() {}

    /// Reads cron text in the widest sense: an OCPS 1.4 expression, a nickname (`@daily`), `@every
    /// 90s`, each with an optional `CRON_TZ=Zone ` prefix that wins over `zone`.
    ///
    /// `spread` decides what `H` stands for and is stable per task; `anchor` is where `@every`
    /// counts from. Throws [ScheduleException] for a text that is no expression or can never fire.
    public static Schedule cron(
            String text, ZoneId zone, DstPolicy dst, long spread, Instant anchor) {
        return new Cron(text, zone, dst, spread);
    }
}
