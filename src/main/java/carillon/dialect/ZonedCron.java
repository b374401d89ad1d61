package carillon.dialect;

import static java.util.Objects.requireNonNull;

import carillon.json.Json;
import carillon.schedule.Calendar;
import carillon.schedule.Cron;
import carillon.schedule.DurationText;
import carillon.schedule.Every;
import carillon.schedule.Once;
import carillon.schedule.Schedule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/// Cron text and the zone beside it, as the dialects have them, also for intervals (`@every 15m`).
///
/// An interval has no zone of its own. So that a client gets back the one it sent, it is kept in
/// the text, as a `CRON_TZ=Zone ` prefix.
public record ZonedCron(String text, ZoneId zone) {
    private static final Pattern ZONED_INTERVAL =
            Pattern.compile("\\s*(?:CRON_)?TZ=(\\S+)\\s+(@every\\s.*)");

    public ZonedCron {
        requireNonNull(text, "text");
        requireNonNull(zone, "zone");
    }

    /// The cron text of a schedule that was written as one, or that is an interval.
    public static Optional<ZonedCron> of(Schedule schedule) {
        return switch (schedule) {
            case Cron cron -> Optional.of(new ZonedCron(cron.text(), cron.zone()));
            case Every every -> Optional.of(interval(every));
            case Calendar _, Once _ -> Optional.empty();
        };
    }

    private static ZonedCron interval(Every every) {
        var text =
                every.cronText().orElseGet(() -> "@every " + DurationText.write(every.interval()));
        var zoned = ZONED_INTERVAL.matcher(text);
        return zoned.matches()
                ? new ZonedCron(zoned.group(2), ZoneId.of(zoned.group(1)))
                : new ZonedCron(text, utc());
    }

    private static ZoneId utc() {
        return ZoneId.of("UTC");
    }

    /// The field `schedule` of a definition in native JSON.
    public ObjectNode toNative() {
        boolean atHome = zone.equals(utc()) || zone.equals(ZoneOffset.UTC);
        var kept =
                text.strip().startsWith("@every") && !atHome
                        ? "CRON_TZ=" + zone.getId() + " " + text.strip()
                        : text;
        return Json.object().put("cron", kept).put("timezone", zone.getId());
    }
}
