package carillon.schedule;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Optional;

/// Cron text taken apart as far as one can without reading fields: the zone of a `CRON_TZ=Zone ` or
/// `TZ=Zone ` prefix, and where the rest (`body`) lies in the text.
record CronText(String text, Optional<ZoneId> zone, int from, int to) {
    static final String EVERY = "@every";
    static final int MAX_LENGTH = 512;

    static CronText of(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new ScheduleException(
                    "expression: longer than " + MAX_LENGTH + " characters", MAX_LENGTH);
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i)) && text.charAt(i) != '\t') {
                throw new ScheduleException(
                        "expression (position %d): unexpected control character; expected one line"
                                .formatted(i + 1),
                        i);
            }
        }
        int to = text.length();
        while (to > 0 && isBlank(text.charAt(to - 1))) {
            to--;
        }
        int from = skipBlanks(text, 0, to);
        for (var prefix : new String[] {"CRON_TZ=", "TZ="}) {
            if (text.startsWith(prefix, from)) {
                int start = from + prefix.length();
                int end = skipWord(text, start, to);
                var zone = zone(text.substring(start, end), start);
                return new CronText(text, Optional.of(zone), skipBlanks(text, end, to), to);
            }
        }
        return new CronText(text, Optional.empty(), from, to);
    }

    String body() {
        return text.substring(from, to);
    }

    boolean isEvery() {
        return body().equals(EVERY)
                || (body().startsWith(EVERY) && isBlank(body().charAt(EVERY.length())));
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    static int skipBlanks(String text, int from, int to) {
        int at = from;
        while (at < to && isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    static int skipWord(String text, int from, int to) {
        int at = from;
        while (at < to && !isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static ZoneId zone(String name, int position) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            var fault =
                    new ScheduleException(
                            ("time zone (position %d): unknown zone \"%s\";"
                                            + " expected a name such as America/New_York")
                                    .formatted(position + 1, name),
                            position);
            fault.initCause(e);
            throw fault;
        }
    }
}
