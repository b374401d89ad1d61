package carillon.schedule;

import java.util.List;
import java.util.Locale;

/// A field of a cron expression, with the values it takes (OCPS 1.0 section 4.2, 1.2 section 4).
enum CronField {
    SECOND("second", 0, 59),
    MINUTE("minute", 0, 59),
    HOUR("hour", 0, 23),
    DAY("day of month", 1, 31),
    MONTH("month", 1, 12),
    WEEKDAY("day of week", 0, 7),
    YEAR("year", 1970, 2199);

    private static final List<String> MONTHS =
            List.of(
                    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV",
                    "DEC");
    private static final List<String> WEEKDAYS =
            List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    /// What people call it in an error.
    final String title;

    final int min;
    final int max;

    CronField(String title, int min, int max) {
        this.title = title;
        this.min = min;
        this.max = max;
    }

    boolean hasNames() {
        return !names().isEmpty();
    }

    private List<String> names() {
        return switch (this) {
            case MONTH -> MONTHS;
            case WEEKDAY -> WEEKDAYS;
            case SECOND, MINUTE, HOUR, DAY, YEAR -> List.of();
        };
    }

    /// The value of a three-letter name in any case, or -1.
    int valueOfName(String name) {
        int index = names().indexOf(name.toUpperCase(Locale.ROOT));
        return index < 0 ? -1 : index + min;
    }

    boolean takesQuestionMark() {
        return this == DAY || this == WEEKDAY;
    }

    /// The highest value that a hash may pick. A day that every month has, and Sunday once.
    int maxHash() {
        return switch (this) {
            case DAY -> 28;
            case WEEKDAY -> 6;
            case SECOND, MINUTE, HOUR, MONTH, YEAR -> max;
        };
    }

    /// What a person may write here, for errors.
    String expected() {
        var numbers = min + "-" + max;
        return switch (this) {
            case SECOND, MINUTE, HOUR -> numbers + ", *, or H";
            case DAY -> numbers + ", *, ?, L, LW, 15W or H";
            case MONTH -> numbers + ", JAN-DEC, *, or H";
            case WEEKDAY -> numbers + ", SUN-SAT, *, ?, FRI#2, FRI#L, 5L or H";
            case YEAR -> numbers + " or *";
        };
    }
}
