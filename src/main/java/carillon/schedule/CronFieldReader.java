package carillon.schedule;

import carillon.schedule.CronItem.LastDay;
import carillon.schedule.CronItem.LastOf;
import carillon.schedule.CronItem.LastWorkday;
import carillon.schedule.CronItem.NearestWorkday;
import carillon.schedule.CronItem.Nth;
import carillon.schedule.CronItem.Span;
import java.util.ArrayList;
import java.util.List;

/// Reads one field of a cron expression: a list of values, ranges and steps (OCPS 1.0 section 5),
/// with the calendar marks `L`, `W` and `#` (OCPS 1.3) and the hash `H`.
final class CronFieldReader {
    private static final int MAX_DIGITS = 4;
    private static final int NAME_LENGTH = 3;
    private static final int DAYS_PER_WEEK = 7;
    private static final int MOST_IN_MONTH = 5;
    private static final char END = '\0';

    private final String text;
    private final CronField field;
    private final int end;
    private final long spread;
    private int at;

    CronFieldReader(String text, CronField field, int start, int end, long spread) {
        this.text = text;
        this.field = field;
        this.at = start;
        this.end = end;
        this.spread = spread;
    }

    static Span all(CronField field, int step) {
        int max = field == CronField.WEEKDAY ? field.max - 1 : field.max;
        return new Span(field.min, max, step, true);
    }

    List<CronItem> items() {
        int first = at;
        var items = new ArrayList<CronItem>();
        items.add(item());
        while (peek() == ',') {
            at++;
            items.add(item());
        }
        if (at < end) {
            throw unexpected("a comma or the end of the field");
        }
        boolean alone =
                items.stream()
                        .anyMatch(i -> i instanceof NearestWorkday || i instanceof LastWorkday);
        if (alone && items.size() > 1) {
            throw fault(first, "W means one day and must stand alone in the field");
        }
        return List.copyOf(items);
    }

    private CronItem item() {
        char c = peek();
        if (c == '*' || (c == '?' && field.takesQuestionMark())) {
            at++;
            return all(field, peek() == '/' ? step() : 1);
        }
        if (c == 'H' && !isLetter(peekAt(at + 1))) {
            return hash();
        }
        if (c == 'L' && field == CronField.DAY) {
            return lastDay();
        }
        if (c == '+') {
            throw fault(at, "+ may only be the first character of the day of week");
        }
        int start = at;
        int value = value();
        return switch (peek()) {
            case '-' -> range(start, value);
            case '/' ->
                    throw fault(
                            at,
                            "a step needs a range in front of it; write %d-%d%s"
                                    .formatted(value, all(field, 1).to(), restOfItem()));
            case 'W' -> {
                if (field != CronField.DAY) {
                    throw unexpected("W only in the day of month");
                }
                at++;
                yield new NearestWorkday(value);
            }
            case 'L', '#' -> occurrence(value % DAYS_PER_WEEK);
            default -> Span.single(field == CronField.WEEKDAY ? value % DAYS_PER_WEEK : value);
        };
    }

    private CronItem lastDay() {
        at++;
        if (peek() == 'W') {
            at++;
            return new LastWorkday();
        }
        if (peek() == '-') {
            throw fault(at, "OCPS counts no days back from the last; expected L or LW");
        }
        return new LastDay();
    }

    private CronItem occurrence(int weekday) {
        if (field != CronField.WEEKDAY) {
            throw unexpected("# and L after a value only in the day of week");
        }
        boolean numbered = peek() == '#';
        at++;
        if (!numbered) {
            return new LastOf(weekday);
        }
        char nth = peek();
        if (nth == 'L') {
            at++;
            return new LastOf(weekday);
        }
        if (nth < '1' || nth > '0' + MOST_IN_MONTH || isDigit(peekAt(at + 1))) {
            throw unexpected("1 to 5 or L after #");
        }
        at++;
        return new Nth(weekday, nth - '0');
    }

    private CronItem range(int start, int from) {
        at++;
        int toAt = at;
        int to = value();
        boolean sundayAtEnd =
                field == CronField.WEEKDAY && to == 0 && from > 0 && isLetter(text.charAt(toAt));
        if (sundayAtEnd) {
            to = DAYS_PER_WEEK;
        }
        if (from > to) {
            throw fault(
                    start,
                    "the range %s runs backwards; write it as two, %s,%s"
                            .formatted(
                                    text.substring(start, at),
                                    written(from, Math.max(from, all(field, 1).to())),
                                    written(field.min, to)));
        }
        if (peek() == 'W' || peek() == 'L' || peek() == '#') {
            throw fault(at, peek() + " belongs to a single value and not to a range");
        }
        return new Span(from, to, peek() == '/' ? step() : 1, false);
    }

    private static String written(int from, int to) {
        return from == to ? Integer.toString(from) : from + "-" + to;
    }

    /// `H`, `H(0-29)`, each with a step or none. With a step the hash decides only where in the
    /// first step it begins.
    private CronItem hash() {
        int start = at;
        if (field == CronField.YEAR) {
            throw fault(at, "a year cannot be picked by H; expected " + field.expected());
        }
        at++;
        int from = field.min;
        int to = field.maxHash();
        if (peek() == '(') {
            at++;
            from = value();
            expect('-');
            to = value();
            expect(')');
            if (from > to) {
                throw fault(start, "the range in H(%d-%d) runs backwards".formatted(from, to));
            }
        }
        int size = to - from + 1;
        if (peek() != '/') {
            int value = from + Spread.pick(spread, field.title.hashCode(), size);
            return Span.single(field == CronField.WEEKDAY ? value % DAYS_PER_WEEK : value);
        }
        int slash = at;
        int step = step();
        if (step > size) {
            throw fault(slash, "the step %d is larger than the range".formatted(step));
        }
        return new Span(from + Spread.pick(spread, field.title.hashCode(), step), to, step, false);
    }

    private int step() {
        at++;
        int start = at;
        int step = number("a step of 1 or more after /");
        if (step == 0) {
            throw fault(start, "a step of 0 never ends; expected 1 or more");
        }
        return step;
    }

    private int value() {
        int start = at;
        if (field.hasNames() && isLetter(peek())) {
            int nameEnd = Math.min(end, at + NAME_LENGTH);
            int value = field.valueOfName(text.substring(at, nameEnd));
            if (value < 0) {
                throw unexpected(field.expected());
            }
            at = nameEnd;
            return value;
        }
        int value = number(field.expected());
        if (value < field.min || value > field.max) {
            throw fault(
                    start,
                    "%s is out of range; expected %s"
                            .formatted(text.substring(start, at), field.expected()));
        }
        return value;
    }

    private int number(String expected) {
        int start = at;
        while (isDigit(peek())) {
            at++;
        }
        if (at == start) {
            throw unexpected(expected);
        }
        if (at - start > MAX_DIGITS) {
            throw fault(
                    start,
                    "%s is out of range; expected %s"
                            .formatted(text.substring(start, at), expected));
        }
        return Integer.parseInt(text, start, at, 10);
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw unexpected("H, H(0-29), H/15 or H(0-29)/10");
        }
        at++;
    }

    private String restOfItem() {
        int comma = text.indexOf(',', at);
        return text.substring(at, comma < 0 || comma > end ? end : comma);
    }

    private char peek() {
        return peekAt(at);
    }

    private char peekAt(int index) {
        return index < end ? text.charAt(index) : END;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    private ScheduleException unexpected(String expected) {
        var found = at < end ? "unexpected \"" + text.charAt(at) + "\"" : "a value is missing";
        return fault(at, found + "; expected " + expected);
    }

    private ScheduleException fault(int position, String problem) {
        return new ScheduleException(
                "%s (position %d): %s".formatted(field.title, position + 1, problem), position);
    }
}
