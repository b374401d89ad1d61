package carillon.schedule;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The small parts of plain English sentences about time.
final class Words {
    private Words() {}

    /// "New York time", "UTC", or the offset.
    static String zone(ZoneId zone) {
        var id = zone.getId();
        if (zone.normalized() instanceof ZoneOffset offset) {
            return offset.equals(ZoneOffset.UTC) ? "UTC" : "UTC" + offset.getId();
        }
        return id.substring(id.lastIndexOf('/') + 1).replace('_', ' ') + " time";
    }

    /// "09:00", with seconds only where there are any.
    static String time(int secondOfDay) {
        var time = twoDigits(secondOfDay / 3600) + ":" + twoDigits(secondOfDay / 60 % 60);
        return secondOfDay % 60 == 0 ? time : time + ":" + twoDigits(secondOfDay % 60);
    }

    private static String twoDigits(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }

    static String month(int month) {
        return Month.of(month).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    /// 0 and 7 are Sunday.
    static String weekday(int weekday) {
        return DayOfWeek.of(weekday == 0 ? 7 : weekday)
                .getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    /// "1 March 2026".
    static String date(LocalDate date) {
        return date.getDayOfMonth() + " " + month(date.getMonthValue()) + " " + date.getYear();
    }

    /// "1 March 2026 at 09:00 UTC".
    static String instant(Instant at) {
        var utc = at.atOffset(ZoneOffset.UTC);
        return date(utc.toLocalDate()) + " at " + time(utc.toLocalTime().toSecondOfDay()) + " UTC";
    }

    /// "2nd".
    static String ordinal(int number) {
        int last = number % 10;
        boolean teen = number / 10 % 10 == 1;
        var ending = teen || last == 0 || last > 3 ? "th" : List.of("st", "nd", "rd").get(last - 1);
        return number + ending;
    }

    /// "a, b and c".
    static String list(List<String> parts, String lastWord) {
        int last = parts.size() - 1;
        if (last <= 0) {
            return String.join("", parts);
        }
        return String.join(", ", parts.subList(0, last)) + " " + lastWord + " " + parts.get(last);
    }

    /// "15 minutes", "1 hour 30 minutes", "day" for exactly one: what follows "every".
    static String duration(Duration duration) {
        var parts = new ArrayList<String>();
        add(parts, duration.toDays(), "day");
        add(parts, duration.toHoursPart(), "hour");
        add(parts, duration.toMinutesPart(), "minute");
        add(parts, duration.toSecondsPart(), "second");
        add(parts, duration.toMillisPart(), "millisecond");
        var words = String.join(" ", parts);
        return parts.size() == 1 && words.startsWith("1 ") ? words.substring(2) : words;
    }

    private static void add(List<String> parts, long count, String unit) {
        if (count > 0) {
            parts.add(count + " " + unit + (count == 1 ? "" : "s"));
        }
    }
}
