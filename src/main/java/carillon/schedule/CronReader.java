package carillon.schedule;

import carillon.schedule.CronItem.Span;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Reads the fields of a cron expression, or a nickname for some (OCPS 1.0 to 1.2). Every fault
/// names the field and the position.
final class CronReader {
    private static final Map<String, String> NICKNAMES =
            Map.of(
                    "@yearly", "0 0 1 1 *",
                    "@annually", "0 0 1 1 *",
                    "@monthly", "0 0 1 * *",
                    "@weekly", "0 0 * * 0",
                    "@daily", "0 0 * * *",
                    "@midnight", "0 0 * * *",
                    "@hourly", "0 * * * *");
    private static final List<CronField> ALL_FIELDS = List.of(CronField.values());
    private static final List<CronField> FIVE_FIELDS = ALL_FIELDS.subList(1, 6);
    private static final int MIN_FIELDS = 5;
    private static final int MAX_FIELDS = 7;

    private final long spread;

    private CronReader(long spread) {
        this.spread = spread;
    }

    static CronFields read(CronText cron, long spread) {
        var body = cron.body();
        if (body.startsWith("@")) {
            var fields = NICKNAMES.get(body);
            if (fields == null) {
                throw unknownNickname(body, cron.from());
            }
            return new CronReader(spread).fields(fields, 0, fields.length());
        }
        return new CronReader(spread).fields(cron.text(), cron.from(), cron.to());
    }

    private static ScheduleException unknownNickname(String body, int position) {
        if (body.equals("@reboot")) {
            return new ScheduleException(
                    "@reboot is not supported: a durable scheduler goes on where it stopped and has"
                            + " no reboot event; expected a time such as @daily",
                    position);
        }
        if (body.startsWith(CronText.EVERY)) {
            return new ScheduleException(
                    "@every (position %d): expected a space and a duration, as in @every 90s"
                            .formatted(position + 1),
                    position);
        }
        return new ScheduleException(
                ("nickname (position %d): unknown \"%s\"; expected @yearly, @annually, @monthly,"
                                + " @weekly, @daily, @midnight, @hourly or @every 90s")
                        .formatted(position + 1, body),
                position);
    }

    private CronFields fields(String text, int from, int to) {
        var starts = new ArrayList<Integer>();
        for (int at = from; at < to; ) {
            starts.add(at);
            at = CronText.skipBlanks(text, CronText.skipWord(text, at, to), to);
        }
        int count = starts.size();
        if (count < MIN_FIELDS || count > MAX_FIELDS) {
            throw wrongCount(count, count > MAX_FIELDS ? starts.get(MAX_FIELDS) : to);
        }
        var items = new EnumMap<CronField, List<CronItem>>(CronField.class);
        items.put(CronField.SECOND, List.of(Span.single(0)));
        items.put(CronField.YEAR, List.of(CronFieldReader.all(CronField.YEAR, 1)));
        boolean bothDays = false;
        var written = count == MIN_FIELDS ? FIVE_FIELDS : ALL_FIELDS;
        for (int i = 0; i < count; i++) {
            var field = written.get(i);
            int start = starts.get(i);
            int end = CronText.skipWord(text, start, to);
            if (field == CronField.WEEKDAY && text.charAt(start) == '+') {
                bothDays = true;
                start++;
            }
            items.put(field, new CronFieldReader(text, field, start, end, spread).items());
        }
        return new CronFields(items, bothDays);
    }

    private static ScheduleException wrongCount(int count, int position) {
        return new ScheduleException(
                ("expression (position %d): %d fields; expected 5 (minute, hour, day of month,"
                                + " month, day of week), 6 (a second first) or 7 (a year last)")
                        .formatted(position + 1, count),
                position);
    }
}
