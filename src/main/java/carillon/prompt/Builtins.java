package carillon.prompt;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/// The variables that every template has without declaring them.
public final class Builtins {
    public static final String DATE = "date";
    public static final String TIME = "time";
    public static final String DATETIME = "datetime";
    public static final String FIRE_TIME = "fire_time";
    public static final String RUN_ID = "run_id";
    public static final String PREVIOUS_RESPONSE = "previous_response";

    /// All of them, in the order in which they are told to people.
    public static final List<String> NAMES =
            List.of(DATE, TIME, DATETIME, FIRE_TIME, RUN_ID, PREVIOUS_RESPONSE);

    private Builtins() {}

    /// Those that follow from the time: `date` (`2026-03-29`), `time` (`09:00:00`) and `datetime`
    /// (`2026-03-29T09:00:00+02:00`) tell `now` in `zone`, `fire_time` is in UTC.
    public static Map<String, String> at(Instant now, ZoneId zone, Instant fireTime) {
        var local = now.truncatedTo(ChronoUnit.SECONDS).atZone(zone);
        return Map.of(
                DATE, DateTimeFormatter.ISO_LOCAL_DATE.format(local),
                TIME, DateTimeFormatter.ISO_LOCAL_TIME.format(local),
                DATETIME, DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(local),
                FIRE_TIME, fireTime.toString());
    }
}
