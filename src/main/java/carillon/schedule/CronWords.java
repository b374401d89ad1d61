package carillon.schedule;

import carillon.schedule.CronItem.LastDay;
import carillon.schedule.CronItem.LastOf;
import carillon.schedule.CronItem.LastWorkday;
import carillon.schedule.CronItem.NearestWorkday;
import carillon.schedule.CronItem.Nth;
import carillon.schedule.CronItem.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;

/// A cron expression in plain English, without its zone: first the time of day, then the days.
final class CronWords {
    /// More times of day than these are told by their hours and minutes, and not one by one.
    private static final int MOST_TIMES = 6;

    private final CronFields fields;

    private CronWords(CronFields fields) {
        this.fields = fields;
    }

    static String of(CronFields fields) {
        var words = new CronWords(fields);
        var days = words.days();
        var time = words.time();
        boolean everyDay = days.isEmpty() && time.startsWith("at ") && !time.contains("every");
        return time + (everyDay ? " every day" : days) + words.years();
    }

    private String time() {
        var seconds = values(CronField.SECOND);
        var minutes = values(CronField.MINUTE);
        var hours = values(CronField.HOUR);
        boolean clockTimes = !steps(CronField.HOUR) && !fields.isWild(CronField.HOUR);
        if (clockTimes && seconds.size() * minutes.size() * hours.size() <= MOST_TIMES) {
            var times = new ArrayList<String>();
            for (int hour : hours) {
                for (int minute : minutes) {
                    for (int second : seconds) {
                        times.add(Words.time(hour * 3600 + minute * 60 + second));
                    }
                }
            }
            return "at " + Words.list(times, "and");
        }
        boolean onTheMinute = seconds.equals(List.of(0));
        if (onTheMinute && minutes.equals(List.of(0))) {
            return everyHour();
        }
        if (onTheMinute) {
            return finest(CronField.MINUTE) + hours(finest(CronField.MINUTE));
        }
        var second = finest(CronField.SECOND);
        if (fields.isWild(CronField.MINUTE)) {
            var minute = second.startsWith("every") ? "" : " of every minute";
            return second + minute + hours("every");
        }
        return second + " of " + coarser(CronField.MINUTE) + hours("");
    }

    /// On the hour, in some of the hours.
    private String everyHour() {
        if (fields.isWild(CronField.HOUR)) {
            return "every hour";
        }
        var items = fields.of(CronField.HOUR);
        if (items.size() == 1 && items.getFirst() instanceof Span(int from, int to, int step, _)) {
            var every = step == 1 ? "every hour" : "every " + step + " hours";
            boolean whole = from == 0 && to == CronField.HOUR.max && (to + 1) % step == 0;
            return whole
                    ? every
                    : every + " from " + Words.time(from * 3600) + " to " + Words.time(to * 3600);
        }
        return "on the hour in " + coarser(CronField.HOUR);
    }

    private String hours(String finer) {
        if (fields.isWild(CronField.HOUR)) {
            return finer.startsWith("every") ? "" : " of every hour";
        }
        var items = fields.of(CronField.HOUR);
        boolean oneRange =
                items.size() == 1
                        && items.getFirst() instanceof Span(_, _, int step, _)
                        && step == 1;
        if (oneRange && items.getFirst() instanceof Span(int from, int to, _, _)) {
            return " from " + Words.time(from * 3600) + " to " + Words.time(to * 3600 + 59 * 60);
        }
        return " in " + coarser(CronField.HOUR);
    }

    /// "every minute", "every 5 minutes", "at minutes 0 and 30".
    private String finest(CronField field) {
        var items = fields.of(field);
        if (items.size() == 1 && items.getFirst() instanceof Span(int from, int to, int step, _)) {
            boolean whole = from == field.min && to == field.max;
            var every =
                    step == 1 ? "every " + field.title : "every " + step + " " + field.title + "s";
            if (whole && (to + 1) % step == 0) {
                return every;
            }
            if (from != to) {
                var start = every + " from " + field.title + " " + from;
                return to + step > field.max ? start : start + " to " + to;
            }
        }
        return "at " + coarser(field);
    }

    /// "minute 5", "minutes 0 and 30", "every 5th minute".
    private String coarser(CronField field) {
        var items = fields.of(field);
        if (items.size() == 1 && items.getFirst() instanceof Span span && span.wild()) {
            return span.step() == 1
                    ? "every " + field.title
                    : "every " + Words.ordinal(span.step()) + " " + field.title;
        }
        return plural(field.title, items, CronWords::spans);
    }

    private String days() {
        boolean anyDay = fields.isWild(CronField.DAY);
        boolean anyWeekday = fields.isWild(CronField.WEEKDAY);
        boolean anyMonth = fields.isWild(CronField.MONTH);
        if (anyDay && anyWeekday) {
            return anyMonth ? "" : " every day in " + months();
        }
        if (anyWeekday) {
            return " on " + onlyDate();
        }
        var inMonths = anyMonth ? "" : " in " + months();
        if (anyDay) {
            return " on " + weekdays(true) + inMonths;
        }
        var day = " on " + dayOfMonth("the month");
        return fields.bothDays()
                ? day + inMonths + ", but only if it is " + weekdays(false)
                : day + " and also on " + weekdays(true) + inMonths;
    }

    private String onlyDate() {
        boolean anyMonth = fields.isWild(CronField.MONTH);
        var days = values(CronField.DAY);
        var items = fields.of(CronField.DAY);
        boolean single = items.size() == 1 && items.getFirst() instanceof Span s && s.isSingle();
        if (single && !anyMonth && values(CronField.MONTH).size() == 1) {
            return days.getFirst() + " " + months();
        }
        return dayOfMonth(anyMonth ? "the month" : months());
    }

    private String dayOfMonth(String month) {
        var items = fields.of(CronField.DAY);
        var parts = new ArrayList<String>();
        var spans = items.stream().filter(Span.class::isInstance).toList();
        if (!spans.isEmpty()) {
            boolean stepped = spans.size() == 1 && spans.getFirst() instanceof Span s && s.wild();
            parts.add(stepped ? coarserDay(spans) : plural("day", spans, CronWords::spans));
        }
        for (var item : items) {
            switch (item) {
                case LastDay() -> parts.add("the last day");
                case LastWorkday() -> parts.add("the last weekday");
                case NearestWorkday(int day) -> parts.add("the weekday nearest day " + day);
                case Span _, Nth _, LastOf _ -> {}
            }
        }
        return Words.list(parts, "and") + " of " + month;
    }

    private static String coarserDay(List<CronItem> spans) {
        return spans.getFirst() instanceof Span span && span.step() > 1
                ? "every " + Words.ordinal(span.step()) + " day"
                : "every day";
    }

    /// "weekdays", "Mondays and Fridays"; or, of one date, "a Monday or a Friday".
    private String weekdays(boolean many) {
        var parts = new ArrayList<String>();
        var plain = new TreeSet<Integer>();
        for (int value : values(CronField.WEEKDAY)) {
            plain.add(value == 0 ? 7 : value);
        }
        if (plain.equals(new TreeSet<>(List.of(1, 2, 3, 4, 5)))) {
            parts.add(many ? "weekdays" : "a weekday");
        } else if (plain.equals(new TreeSet<>(List.of(6, 7)))) {
            parts.add(many ? "weekends" : "on a weekend");
        } else {
            for (int weekday : plain) {
                parts.add(many ? Words.weekday(weekday) + "s" : "a " + Words.weekday(weekday));
            }
        }
        for (var item : fields.of(CronField.WEEKDAY)) {
            switch (item) {
                case Nth(int weekday, int nth) ->
                        parts.add(nthWord(nth) + " " + Words.weekday(weekday) + " of the month");
                case LastOf(int weekday) ->
                        parts.add("the last " + Words.weekday(weekday) + " of the month");
                case Span _, LastDay _, LastWorkday _, NearestWorkday _ -> {}
            }
        }
        return Words.list(parts, many ? "and" : "or");
    }

    private static String nthWord(int nth) {
        return "the " + List.of("first", "second", "third", "fourth", "fifth").get(nth - 1);
    }

    private String months() {
        return Words.list(parts(fields.of(CronField.MONTH), Words::month), "and");
    }

    private String years() {
        if (fields.isWild(CronField.YEAR)) {
            return "";
        }
        var items = fields.of(CronField.YEAR);
        if (items.size() == 1 && items.getFirst() instanceof Span span && span.wild()) {
            return " in " + coarser(CronField.YEAR) + " from " + span.from();
        }
        return " in " + spans(items);
    }

    private static String plural(
            String title, List<CronItem> items, Function<List<CronItem>, String> words) {
        boolean one = items.size() == 1 && items.getFirst() instanceof Span s && s.isSingle();
        return title + (one ? " " : "s ") + words.apply(items);
    }

    private static String spans(List<CronItem> items) {
        return Words.list(parts(items, Integer::toString), "and");
    }

    private static List<String> parts(List<CronItem> items, IntFunction<String> word) {
        var parts = new ArrayList<String>();
        for (var item : items) {
            if (!(item instanceof Span(int from, int to, int step, _))) {
                continue;
            }
            boolean longRange = step == 1 && to - from >= 2;
            if (longRange) {
                parts.add(word.apply(from) + " to " + word.apply(to));
                continue;
            }
            for (int value = from; value <= to; value += step) {
                parts.add(word.apply(value));
            }
        }
        return parts;
    }

    private boolean steps(CronField field) {
        return fields.of(field).stream()
                .anyMatch(item -> item instanceof Span span && span.step() > 1);
    }

    /// The plain values of a field, in order, each once.
    private List<Integer> values(CronField field) {
        var values = new TreeSet<Integer>();
        for (var item : fields.of(field)) {
            if (item instanceof Span(int from, int to, int step, _)) {
                for (int value = from; value <= to; value += step) {
                    values.add(value);
                }
            }
        }
        return List.copyOf(values);
    }
}
