package carillon.schedule;

import carillon.schedule.CronItem.LastDay;
import carillon.schedule.CronItem.LastOf;
import carillon.schedule.CronItem.LastWorkday;
import carillon.schedule.CronItem.NearestWorkday;
import carillon.schedule.CronItem.Nth;
import carillon.schedule.CronItem.Span;
import java.time.LocalDate;
import java.util.BitSet;

/// A cron expression compiled to bit masks: bit `n` stands for value `n`. The days of a month
/// depend only on its length and on the weekday of its first day, so all 28 kinds of month are
/// worked out once, and finding a day is one look at a table.
final class CronPattern implements LocalRule {
    private static final int MIN_YEAR = CronField.YEAR.min;
    private static final int SHORTEST = 28;
    private static final int SATURDAY = 6;

    private final long seconds;
    private final long minutes;
    private final long hours;
    private final int months;
    private final BitSet years = new BitSet();
    private final int[] daysOfMonthKind = new int[4 * 7];
    private final boolean followsElapsedTime;

    CronPattern(CronFields fields) {
        seconds = mask(fields, CronField.SECOND);
        minutes = mask(fields, CronField.MINUTE);
        hours = mask(fields, CronField.HOUR);
        months = (int) mask(fields, CronField.MONTH);
        followsElapsedTime = fields.followsElapsedTime();
        for (var item : fields.of(CronField.YEAR)) {
            if (item instanceof Span span) {
                for (int year = span.from(); year <= span.to(); year += span.step()) {
                    years.set(year - MIN_YEAR);
                }
            }
        }
        for (int length = SHORTEST; length <= 31; length++) {
            for (int first = 0; first < 7; first++) {
                daysOfMonthKind[(length - SHORTEST) * 7 + first] = days(fields, length, first);
            }
        }
    }

    /// Whether any day from 1970 to 2199 matches.
    boolean everMatches() {
        return nextDay(0) >= 0;
    }

    @Override
    public boolean followsElapsedTime() {
        return followsElapsedTime;
    }

    @Override
    public long next(long local) {
        if (local >= END) {
            return NONE_AFTER;
        }
        long start = Math.max(local, 0);
        long today = start / SECONDS_PER_DAY;
        long day = nextDay(today);
        if (day == today) {
            int second = nextSecond((int) (start % SECONDS_PER_DAY));
            if (second >= 0) {
                return day * SECONDS_PER_DAY + second;
            }
            day = nextDay(today + 1);
        }
        return day < 0 ? NONE_AFTER : day * SECONDS_PER_DAY + nextSecond(0);
    }

    @Override
    public long previous(long local) {
        if (local < 0) {
            return NONE_BEFORE;
        }
        long start = Math.min(local, END - 1);
        long today = start / SECONDS_PER_DAY;
        long day = previousDay(today);
        if (day == today) {
            int second = previousSecond((int) (start % SECONDS_PER_DAY));
            if (second >= 0) {
                return day * SECONDS_PER_DAY + second;
            }
            day = previousDay(today - 1);
        }
        return day < 0 ? NONE_BEFORE : day * SECONDS_PER_DAY + previousSecond(SECONDS_PER_DAY - 1);
    }

    /// The first matching second of a day at or after `second`, or -1.
    private int nextSecond(int second) {
        int hour = second / 3600;
        int minute = second / 60 % 60;
        if (has(hours, hour)) {
            if (has(minutes, minute)) {
                int found = lowest(seconds, second % 60);
                if (found >= 0) {
                    return second - second % 60 + found;
                }
            }
            int later = lowest(minutes, minute + 1);
            if (later >= 0) {
                return hour * 3600 + later * 60 + lowest(seconds, 0);
            }
        }
        int later = lowest(hours, hour + 1);
        return later < 0 ? -1 : later * 3600 + lowest(minutes, 0) * 60 + lowest(seconds, 0);
    }

    /// The last matching second of a day at or before `second`, or -1.
    private int previousSecond(int second) {
        int hour = second / 3600;
        int minute = second / 60 % 60;
        if (has(hours, hour)) {
            if (has(minutes, minute)) {
                int found = highest(seconds, second % 60);
                if (found >= 0) {
                    return second - second % 60 + found;
                }
            }
            int earlier = highest(minutes, minute - 1);
            if (earlier >= 0) {
                return hour * 3600 + earlier * 60 + highest(seconds, 59);
            }
        }
        int earlier = highest(hours, hour - 1);
        return earlier < 0 ? -1 : earlier * 3600 + highest(minutes, 59) * 60 + highest(seconds, 59);
    }

    /// The first matching day, counted from 1970-01-01, at or after `epochDay`; -1 past 2199.
    private long nextDay(long epochDay) {
        var date = LocalDate.ofEpochDay(epochDay);
        int year = date.getYear();
        int month = date.getMonthValue();
        int possible = -1 << date.getDayOfMonth();
        while (year <= CronField.YEAR.max) {
            if (!years.get(year - MIN_YEAR)) {
                int index = years.nextSetBit(year - MIN_YEAR);
                if (index < 0) {
                    return -1;
                }
                year = MIN_YEAR + index;
                month = 1;
                possible = -1;
            }
            int matching = lowest(months, month);
            if (matching < 0) {
                year++;
                month = 1;
                possible = -1;
                continue;
            }
            if (matching != month) {
                month = matching;
                possible = -1;
            }
            var first = LocalDate.of(year, month, 1);
            int days = daysOf(first) & possible;
            if (days != 0) {
                return first.toEpochDay() - 1 + Integer.numberOfTrailingZeros(days);
            }
            possible = -1;
            month++;
        }
        return -1;
    }

    /// The last matching day, counted from 1970-01-01, at or before `epochDay`; -1 before 1970.
    private long previousDay(long epochDay) {
        if (epochDay < 0) {
            return -1;
        }
        var date = LocalDate.ofEpochDay(epochDay);
        int year = date.getYear();
        int month = date.getMonthValue();
        int possible = -1 >>> (31 - date.getDayOfMonth());
        while (year >= MIN_YEAR) {
            if (!years.get(year - MIN_YEAR)) {
                int index = years.previousSetBit(year - MIN_YEAR);
                if (index < 0) {
                    return -1;
                }
                year = MIN_YEAR + index;
                month = 12;
                possible = -1;
            }
            int matching = highest(months, month);
            if (matching < 1) {
                year--;
                month = 12;
                possible = -1;
                continue;
            }
            if (matching != month) {
                month = matching;
                possible = -1;
            }
            var first = LocalDate.of(year, month, 1);
            int days = daysOf(first) & possible;
            if (days != 0) {
                return first.toEpochDay() + 30 - Integer.numberOfLeadingZeros(days);
            }
            possible = -1;
            month--;
        }
        return -1;
    }

    private int daysOf(LocalDate first) {
        int weekday = first.getDayOfWeek().getValue() % 7;
        return daysOfMonthKind[(first.lengthOfMonth() - SHORTEST) * 7 + weekday];
    }

    private static boolean has(long mask, int bit) {
        return ((mask >>> bit) & 1) != 0;
    }

    /// The lowest set bit at or above `from`, or -1. `from` is at most 60.
    private static int lowest(long mask, int from) {
        long rest = mask & (-1L << from);
        return rest == 0 ? -1 : Long.numberOfTrailingZeros(rest);
    }

    /// The highest set bit at or below `to`, or -1. `to` is at least -1 and at most 60.
    private static int highest(long mask, int to) {
        long rest = mask & ((1L << (to + 1)) - 1);
        return 63 - Long.numberOfLeadingZeros(rest);
    }

    private static long mask(CronFields fields, CronField field) {
        long mask = 0;
        for (var item : fields.of(field)) {
            if (item instanceof Span(int from, int to, int step, _)) {
                for (int value = from; value <= to; value += step) {
                    mask |= 1L << value;
                }
            }
        }
        return mask;
    }

    /// The matching days of a month of `length` days whose first day is the weekday `first`.
    private static int days(CronFields fields, int length, int first) {
        int all = (int) ((1L << (length + 1)) - 2);
        boolean anyDay = fields.isWild(CronField.DAY);
        boolean anyWeekday = fields.isWild(CronField.WEEKDAY);
        if (anyDay && anyWeekday) {
            return all;
        }
        int byDay = 0;
        for (var item : fields.of(CronField.DAY)) {
            byDay |= days(item, length, first);
        }
        int byWeekday = 0;
        for (var item : fields.of(CronField.WEEKDAY)) {
            byWeekday |= weekdays(item, length, first);
        }
        if (anyWeekday) {
            return byDay & all;
        }
        if (anyDay) {
            return byWeekday & all;
        }
        return (fields.bothDays() ? byDay & byWeekday : byDay | byWeekday) & all;
    }

    private static int days(CronItem item, int length, int first) {
        return switch (item) {
            case Span(int from, int to, int step, _) -> {
                int mask = 0;
                for (int day = from; day <= to; day += step) {
                    mask |= 1 << day;
                }
                yield mask;
            }
            case LastDay() -> 1 << length;
            case LastWorkday() -> 1 << nearestWorkday(length, length, first);
            case NearestWorkday(int day) ->
                    day > length ? 0 : 1 << nearestWorkday(day, length, first);
            case Nth _, LastOf _ -> throw new IllegalArgumentException("a weekday: " + item);
        };
    }

    private static int weekdays(CronItem item, int length, int first) {
        return switch (item) {
            case Span(int from, int to, int step, _) -> {
                int mask = 0;
                for (int weekday = from; weekday <= to; weekday += step) {
                    for (int day = firstOf(weekday, first); day <= length; day += 7) {
                        mask |= 1 << day;
                    }
                }
                yield mask;
            }
            case Nth(int weekday, int nth) -> {
                int day = firstOf(weekday, first) + 7 * (nth - 1);
                yield day > length ? 0 : 1 << day;
            }
            case LastOf(int weekday) -> {
                int day = firstOf(weekday, first);
                yield 1 << (day + (length - day) / 7 * 7);
            }
            case LastDay _, LastWorkday _, NearestWorkday _ ->
                    throw new IllegalArgumentException("a day of the month: " + item);
        };
    }

    /// The day of the month of the first such weekday.
    private static int firstOf(int weekday, int first) {
        return Math.floorMod(weekday - first, 7) + 1;
    }

    private static int nearestWorkday(int day, int length, int first) {
        int weekday = (first + day - 1) % 7;
        if (weekday == SATURDAY) {
            return day > 1 ? day - 1 : day + 2;
        }
        if (weekday == 0) {
            return day < length ? day + 1 : day - 2;
        }
        return day;
    }
}
