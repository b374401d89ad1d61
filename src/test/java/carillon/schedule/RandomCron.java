package carillon.schedule;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// A random cron expression, made together with what it means: the meaning is built beside the text
/// and never read from it, so that it can judge the reader too.
record RandomCron(
        String text,
        Set<Integer> seconds,
        Set<Integer> minutes,
        Set<Integer> hours,
        boolean elapsed,
        Predicate<LocalDate> dates) {
    private static final List<String> MONTHS =
            List.of(
                    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV",
                    "DEC");
    private static final List<String> WEEKDAYS =
            List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    /// A field as text, the plain values in it, and whether `*` or a step is in it.
    private record Field(String text, Set<Integer> values, boolean wild, boolean stepped) {}

    private record Days(String text, Predicate<LocalDate> matches, boolean wild) {}

    private static final Days ANY_DAY = new Days("*", date -> true, true);

    static RandomCron make(Random random, int nearYear) {
        boolean withYear = random.nextInt(8) == 0;
        boolean withSecond = withYear || random.nextInt(4) == 0;
        var second = withSecond ? sparse(random) : new Field("0", Set.of(0), false, false);
        var minute = field(random, 0, 59);
        var hour = field(random, 0, 23);
        boolean anyDate = random.nextInt(3) == 0;
        var month =
                anyDate || random.nextBoolean() ? all("*", 1, 12) : named(random, MONTHS, 1, 12);
        var day = anyDate ? ANY_DAY : days(random);
        var weekday = anyDate ? ANY_DAY : weekdays(random);
        boolean both = random.nextInt(5) == 0;
        int years = random.nextInt(3);
        var year = withYear ? " " + nearYear + "-" + (nearYear + years) : "";
        var text =
                (withSecond ? second.text + " " : "")
                        + String.join(
                                random.nextInt(10) == 0 ? " \t " : " ",
                                minute.text,
                                hour.text,
                                day.text,
                                month.text,
                                (both ? "+" : "") + weekday.text)
                        + year;
        Predicate<LocalDate> dates =
                date ->
                        month.values.contains(date.getMonthValue())
                                && (!withYear
                                        || (date.getYear() >= nearYear
                                                && date.getYear() <= nearYear + years))
                                && matches(day, weekday, both, date);
        return new RandomCron(
                text, second.values, minute.values, hour.values, hour.wild || hour.stepped, dates);
    }

    boolean matches(LocalDateTime local) {
        return dates.test(local.toLocalDate())
                && hours.contains(local.getHour())
                && minutes.contains(local.getMinute())
                && seconds.contains(local.getSecond());
    }

    private static boolean matches(Days day, Days weekday, boolean both, LocalDate date) {
        if (day.wild) {
            return weekday.matches.test(date);
        }
        if (weekday.wild) {
            return day.matches.test(date);
        }
        return both
                ? day.matches.test(date) && weekday.matches.test(date)
                : day.matches.test(date) || weekday.matches.test(date);
    }

    private static Field all(String text, int min, int max) {
        return new Field(text, span(min, max, 1), true, false);
    }

    private static Set<Integer> span(int from, int to, int step) {
        var values = new TreeSet<Integer>();
        for (int value = from; value <= to; value += step) {
            values.add(value);
        }
        return values;
    }

    private static Field sparse(Random random) {
        if (random.nextInt(20) == 0) {
            return all("*", 0, 59);
        }
        int a = random.nextInt(60);
        if (random.nextBoolean()) {
            return new Field(Integer.toString(a), Set.of(a), false, false);
        }
        return new Field("*/20", span(0, 59, 20), false, true);
    }

    private static Field field(Random random, int min, int max) {
        if (random.nextInt(4) == 0) {
            return all("*", min, max);
        }
        if (random.nextInt(5) == 0) {
            int step = 1 + random.nextInt(max - min + 3);
            return new Field("*/" + step, span(min, max, step), true, true);
        }
        return list(random, min, max, List.of());
    }

    private static Field named(Random random, List<String> names, int min, int max) {
        return list(random, min, max, names);
    }

    private static Field list(Random random, int min, int max, List<String> names) {
        var texts = new TreeSet<String>();
        var values = new TreeSet<Integer>();
        boolean stepped = false;
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            int a = value(random, min, max);
            int b = a + random.nextInt(max - a + 1);
            switch (random.nextInt(4)) {
                case 0 -> {
                    texts.add(word(random, a, min, names) + "-" + word(random, b, min, names));
                    values.addAll(span(a, b, 1));
                }
                case 1 -> {
                    int step = 1 + random.nextInt(7);
                    texts.add(
                            word(random, a, min, names)
                                    + "-"
                                    + word(random, b, min, names)
                                    + "/"
                                    + step);
                    values.addAll(span(a, b, step));
                    stepped |= step > 1;
                }
                default -> {
                    texts.add(word(random, a, min, names));
                    values.add(a);
                }
            }
        }
        return new Field(String.join(",", texts), values, false, stepped);
    }

    /// Clocks change on the hour or half hour and early in the day: half of all values go there.
    private static int value(Random random, int min, int max) {
        if (random.nextBoolean() && max == 59) {
            return List.of(0, 0, 1, 29, 30, 59).get(random.nextInt(6));
        }
        return random.nextBoolean() && max == 23
                ? random.nextInt(4)
                : min + random.nextInt(max - min + 1);
    }

    private static String word(Random random, int value, int min, List<String> names) {
        if (names.isEmpty() || random.nextBoolean()) {
            return (random.nextInt(9) == 0 && value < 10 ? "0" : "") + value;
        }
        var name = names.get(value - min);
        return random.nextBoolean() ? name : name.toLowerCase(Locale.ROOT);
    }

    private static Days days(Random random) {
        int day = 1 + random.nextInt(31);
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> random.nextInt(4) == 0 ? new Days("?", date -> true, true) : ANY_DAY;
            case 4 -> new Days("L", date -> isLast(date), false);
            case 5 -> new Days("LW", date -> date.equals(nearest(last(date))), false);
            case 6 ->
                    new Days(
                            day + "W",
                            date ->
                                    day <= date.lengthOfMonth()
                                            && date.equals(nearest(date.withDayOfMonth(day))),
                            false);
            case 7 ->
                    new Days(
                            day + ",L", date -> date.getDayOfMonth() == day || isLast(date), false);
            default -> {
                var field = list(random, 1, 31, List.of());
                yield new Days(
                        field.text, date -> field.values.contains(date.getDayOfMonth()), false);
            }
        };
    }

    private static Days weekdays(Random random) {
        int weekday = random.nextInt(8);
        var day = DayOfWeek.of(weekday == 0 ? 7 : weekday);
        var word = weekday == 7 ? "7" : word(random, weekday, 0, WEEKDAYS);
        int nth = 1 + random.nextInt(5);
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> random.nextInt(4) == 0 ? new Days("?", date -> true, true) : ANY_DAY;
            case 4 ->
                    new Days(
                            word + "#" + nth,
                            date ->
                                    date.getDayOfWeek() == day
                                            && date.minusWeeks(nth - 1L).getMonth()
                                                    == date.getMonth()
                                            && date.minusWeeks(nth).getMonth() != date.getMonth(),
                            false);
            case 5 ->
                    new Days(
                            word + (random.nextBoolean() ? "#L" : "L"),
                            date ->
                                    date.getDayOfWeek() == day
                                            && date.plusWeeks(1).getMonth() != date.getMonth(),
                            false);
            case 6 ->
                    new Days(
                            "FRI-SUN,2",
                            date ->
                                    Set.of(
                                                    DayOfWeek.TUESDAY,
                                                    DayOfWeek.FRIDAY,
                                                    DayOfWeek.SATURDAY,
                                                    DayOfWeek.SUNDAY)
                                            .contains(date.getDayOfWeek()),
                            false);
            default -> {
                var field = named(random, WEEKDAYS, 0, 6);
                yield new Days(
                        field.text,
                        date -> field.values.contains(date.getDayOfWeek().getValue() % 7),
                        false);
            }
        };
    }

    private static boolean isLast(LocalDate date) {
        return date.equals(last(date));
    }

    private static LocalDate last(LocalDate date) {
        return date.withDayOfMonth(date.lengthOfMonth());
    }

    /// The nearest Monday-to-Friday of the same month, by trying days ever further away. A Saturday
    /// is nearer to Friday, a Sunday to Monday, so that no two are equally near.
    private static LocalDate nearest(LocalDate date) {
        for (int distance = 0; distance < 3; distance++) {
            for (var candidate : List.of(date.minusDays(distance), date.plusDays(distance))) {
                boolean workday = candidate.getDayOfWeek().getValue() <= 5;
                if (workday && candidate.getMonth() == date.getMonth()) {
                    return candidate;
                }
            }
        }
        throw new AssertionError("no workday near " + date);
    }
}
