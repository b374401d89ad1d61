package carillon.json;

import carillon.action.NeededBy;
import carillon.schedule.DurationText;
import carillon.schedule.ScheduleException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;

/// How people say until when something is needed: `2026-12-01T08:00:00Z` (RFC 3339), or `6h` for so
/// long from when it is due.
public final class NeededByText {
    /// What is told where a text is something else.
    public static final String RULE = "must be an instant such as 2026-12-01T08:00:00Z, or 6h";

    /// So that an instant can be told from it.
    private static final Duration MAX = Duration.ofDays(366);

    private NeededByText() {}

    /// Empty for what is no such text.
    public static Optional<NeededBy> read(String text) {
        try {
            return Optional.of(new NeededBy.At(OffsetDateTime.parse(text).toInstant()));
        } catch (DateTimeException _) {
            return length(text).map(NeededBy.Within::new);
        }
    }

    private static Optional<Duration> length(String text) {
        try {
            return Optional.of(DurationText.parse(text))
                    .filter(length -> length.isPositive() && length.compareTo(MAX) <= 0);
        } catch (ScheduleException _) {
            return Optional.empty();
        }
    }

    /// What [#read] reads.
    static String write(NeededBy neededBy) {
        return switch (neededBy) {
            case NeededBy.At(var instant) -> instant.toString();
            case NeededBy.Within(var length) -> DurationText.write(length);
        };
    }
}
