package carillon.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

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
        var parts = CronText.of(text);
        if (!parts.isEvery()) {
            return new Cron(text, zone, dst, spread);
        }
        int start = CronText.skipBlanks(text, parts.from() + CronText.EVERY.length(), parts.to());
        return new Every(
                interval(text.substring(start, parts.to()), start), anchor, Optional.of(text));
    }

    private static Duration interval(String text, int position) {
        var interval = DurationText.parse(text, position);
        if (interval.compareTo(Duration.ofMillis(1)) < 0) {
            throw new ScheduleException(
                    "@every (position %d): %s is too short; expected 1ms or more"
                            .formatted(position + 1, text),
                    position);
        }
        return interval;
    }
}
