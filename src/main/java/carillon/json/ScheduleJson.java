package carillon.json;

import carillon.schedule.Calendar;
import carillon.schedule.Calendar.When;
import carillon.schedule.Cron;
import carillon.schedule.DstPolicy;
import carillon.schedule.DurationText;
import carillon.schedule.Every;
import carillon.schedule.Once;
import carillon.schedule.Schedule;
import carillon.schedule.ScheduleException;
import carillon.schedule.Schedules;
import carillon.schedule.Timetable;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The fields `schedule` and `dst`: a rule that names fire times, within its bounds.
///
/// `schedule` is `{"cron","timezone"}`, `{"every","anchor"}`, `{"frequency","time","timezone",
/// "day_of_week","day_of_month"}` or `{"at"}`, each with the bounds `start`, `end`, `max_runs` and
/// `exclude`. `dst` is `{"gap","overlap"}`; it means something to schedules with a local hour only.
public final class ScheduleJson {
    private static final int MAX_CRON_LENGTH = 1_000;
    private static final int MAX_EXCLUDED = 1_000;
    private static final Map<String, List<String>> KINDS = kinds();
    private static final List<String> BOUNDS = List.of("start", "end", "max_runs", "exclude");

    private enum Frequency {
        DAILY,
        WEEKLY,
        MONTHLY
    }

    private final Fields fields;
    private final DstPolicy dst;
    private final ReadContext context;

    private ScheduleJson(Fields fields, DstPolicy dst, ReadContext context) {
        this.fields = fields;
        this.dst = dst;
        this.context = context;
    }

    private static Map<String, List<String>> kinds() {
        var kinds = new LinkedHashMap<String, List<String>>();
        kinds.put("cron", List.of("timezone", "anchor"));
        kinds.put("every", List.of("anchor"));
        kinds.put("frequency", List.of("time", "timezone", "day_of_week", "day_of_month"));
        kinds.put("at", List.of());
        return kinds;
    }

    /// Reads `schedule` and `dst` of `parent`; empty when there is no schedule, or a problem.
    public static Optional<Timetable> read(Fields parent, ReadContext context) {
        var dst = dst(parent);
        return parent.object("schedule")
                .flatMap(fields -> new ScheduleJson(fields, dst, context).timetable());
    }

    private static DstPolicy dst(Fields parent) {
        var fields = parent.object("dst");
        if (fields.isEmpty()) {
            return DstPolicy.DEFAULT;
        }
        var gap = fields.get().word("gap", DstPolicy.Gap.class);
        var overlap = fields.get().word("overlap", DstPolicy.Overlap.class);
        fields.get().done();
        return new DstPolicy(
                gap.orElse(DstPolicy.DEFAULT.gap()), overlap.orElse(DstPolicy.DEFAULT.overlap()));
    }

    private Optional<Timetable> timetable() {
        var sent = KINDS.keySet().stream().filter(fields::has).toList();
        if (sent.size() != 1) {
            fields.problem("must have exactly one of " + String.join(", ", KINDS.keySet()));
            fields.allow(BOUNDS);
            KINDS.values().forEach(fields::allow);
            fields.done();
            return Optional.empty();
        }
        var kind = sent.getFirst();
        refuseForeign(kind);
        var schedule =
                switch (kind) {
                    case "cron" -> cron();
                    case "every" -> every();
                    case "frequency" -> calendar();
                    case "at" -> fields.instant("at").<Schedule>map(Once::new);
                    case String other -> throw new IllegalStateException("a kind: " + other);
                };
        var start = fields.instant("start");
        var end = fields.instant("end");
        if (start.isPresent() && end.isPresent() && !end.get().isAfter(start.get())) {
            fields.problem("end", "must be after start");
            return Optional.empty();
        }
        var maxRuns = fields.wholeNumber("max_runs", 1, Long.MAX_VALUE);
        var excluded = excluded();
        fields.done();
        return schedule.map(rule -> new Timetable(rule, start, end, maxRuns, excluded));
    }

    /// A field of another kind of schedule is known, but means nothing here.
    private void refuseForeign(String kind) {
        KINDS.values().stream()
                .flatMap(List::stream)
                .distinct()
                .filter(name -> !KINDS.getOrDefault(kind, List.of()).contains(name))
                .filter(fields::has)
                .forEach(
                        name ->
                                fields.problem(
                                        name, "does not belong to a schedule with '" + kind + "'"));
    }

    private ZoneId zone() {
        return fields.zone("timezone").orElse(context.zone());
    }

    private Optional<Schedule> cron() {
        var zone = zone();
        var sentAnchor = fields.instant("anchor");
        var schedule = fields.text("cron", MAX_CRON_LENGTH).flatMap(text -> cron(text, zone));
        if (schedule.isPresent() && schedule.get() instanceof Every every) {
            var anchor = sentAnchor.orElseGet(() -> anchor(every.interval()));
            return Optional.of(new Every(every.interval(), anchor, every.cronText()));
        }
        if (sentAnchor.isPresent()) {
            fields.problem("anchor", "belongs to an interval only");
        }
        return schedule;
    }

    private Optional<Schedule> cron(String text, ZoneId zone) {
        try {
            return Optional.of(Schedules.cron(text, zone, dst, context.spread(), context.anchor()));
        } catch (ScheduleException e) {
            fields.problem("cron", e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<Schedule> every() {
        var sentAnchor = fields.instant("anchor");
        var interval = fields.duration("every");
        if (interval.isEmpty()) {
            return Optional.empty();
        }
        if (interval.get().toMillis() < 1 || interval.get().toNanos() % 1_000_000 != 0) {
            fields.problem("every", "must be at least 1ms, in whole milliseconds");
            return Optional.empty();
        }
        return Optional.of(
                new Every(interval.get(), sentAnchor.orElseGet(() -> anchor(interval.get()))));
    }

    /// The same interval as before goes on counting from where it did.
    private Instant anchor(Duration interval) {
        return context.previous()
                .flatMap(definition -> definition.timetable())
                .map(Timetable::schedule)
                .filter(Every.class::isInstance)
                .map(Every.class::cast)
                .filter(every -> every.interval().equals(interval))
                .map(Every::anchor)
                .orElse(context.anchor());
    }

    private Optional<Schedule> calendar() {
        var zone = zone();
        var time = time();
        var frequency = fields.word("frequency", Frequency.class);
        if (frequency.isEmpty()) {
            return Optional.empty();
        }
        var when =
                switch (frequency.get()) {
                    case DAILY -> Optional.<When>of(new When.Daily());
                    case WEEKLY -> dayOfWeek().<When>map(When.Weekly::new);
                    case MONTHLY -> dayOfMonth();
                };
        refuseUnless(frequency.get() == Frequency.WEEKLY, "day_of_week", "weekly");
        refuseUnless(frequency.get() == Frequency.MONTHLY, "day_of_month", "monthly");
        if (when.isEmpty() || time.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Calendar(when.get(), time.get(), zone, dst));
    }

    private void refuseUnless(boolean fits, String name, String frequency) {
        if (!fits && fields.has(name)) {
            fields.problem(name, "belongs to a " + frequency + " schedule only");
        }
    }

    private Optional<LocalTime> time() {
        var text = fields.requiredText("time", 16);
        if (text.isPresent() && text.get().matches("\\d\\d:\\d\\d(:\\d\\d)?")) {
            try {
                return Optional.of(LocalTime.parse(text.get()));
            } catch (DateTimeException _) {
                // The problem below covers hours such as 25 too.
            }
        }
        if (text.isPresent()) {
            fields.problem("time", "must be a time of day such as 09:00");
        }
        return Optional.empty();
    }

    private Optional<DayOfWeek> dayOfWeek() {
        var sent = fields.raw("day_of_week");
        if (sent.isEmpty()) {
            fields.problem("day_of_week", "is required for a weekly schedule");
            return Optional.empty();
        }
        var day = dayOfWeek(sent.get());
        if (day.isEmpty()) {
            fields.problem("day_of_week", "must be 0 (Sunday) to 6, or the name of a day");
        }
        return day;
    }

    private static Optional<DayOfWeek> dayOfWeek(JsonNode sent) {
        if (sent.isTextual()) {
            var name = sent.textValue();
            return Stream.of(DayOfWeek.values())
                    .filter(
                            day ->
                                    day.name().equalsIgnoreCase(name)
                                            || day.name().substring(0, 3).equalsIgnoreCase(name))
                    .findFirst();
        }
        if (sent.isIntegralNumber() && sent.canConvertToInt()) {
            int number = sent.intValue();
            if (number >= 0 && number <= 6) {
                return Optional.of(number == 0 ? DayOfWeek.SUNDAY : DayOfWeek.of(number));
            }
        }
        return Optional.empty();
    }

    private Optional<When> dayOfMonth() {
        if (!fields.has("day_of_month")) {
            fields.problem("day_of_month", "is required for a monthly schedule");
            return Optional.empty();
        }
        var day = fields.integer("day_of_month", 1, 31);
        return day.isPresent() ? Optional.of(new When.Monthly(day.getAsInt())) : Optional.empty();
    }

    private Set<LocalDate> excluded() {
        var dates = new HashSet<LocalDate>();
        var items = fields.array("exclude", MAX_EXCLUDED).orElse(List.of());
        for (int i = 0; i < items.size(); i++) {
            try {
                dates.add(LocalDate.parse(items.get(i).asText()));
            } catch (DateTimeException _) {
                fields.problem("exclude[" + i + "]", "must be a date such as 2026-12-25");
            }
        }
        return dates;
    }

    /// Writes what [#read] reads, from the field `schedule` on; `null` when there is none.
    public static void write(Optional<Timetable> timetable, ObjectNode parent) {
        if (timetable.isEmpty()) {
            parent.putNull("schedule");
            return;
        }
        var out = parent.putObject("schedule");
        switch (timetable.get().schedule()) {
            case Cron cron -> {
                out.put("cron", cron.text()).put("timezone", cron.zone().getId());
                write(cron.dst(), parent);
            }
            case Every every -> {
                every.cronText()
                        .ifPresentOrElse(
                                text -> out.put("cron", text),
                                () -> out.put("every", DurationText.write(every.interval())));
                out.put("anchor", every.anchor().toString());
            }
            case Calendar calendar -> {
                write(calendar, out);
                write(calendar.dst(), parent);
            }
            case Once once -> out.put("at", once.at().toString());
        }
        writeBounds(timetable.get(), out);
    }

    private static void write(DstPolicy dst, ObjectNode parent) {
        parent.putObject("dst")
                .put("gap", Fields.word(dst.gap()))
                .put("overlap", Fields.word(dst.overlap()));
    }

    private static void write(Calendar calendar, ObjectNode out) {
        var frequency =
                switch (calendar.when()) {
                    case When.Daily _ -> Frequency.DAILY;
                    case When.Weekly _ -> Frequency.WEEKLY;
                    case When.Monthly _ -> Frequency.MONTHLY;
                };
        out.put("frequency", Fields.word(frequency))
                .put("time", calendar.time().toString())
                .put("timezone", calendar.zone().getId());
        switch (calendar.when()) {
            case When.Daily _ -> {}
            case When.Weekly(var day) -> out.put("day_of_week", day.getValue() % 7);
            case When.Monthly(var day) -> out.put("day_of_month", day);
        }
    }

    private static void writeBounds(Timetable timetable, ObjectNode out) {
        timetable.start().ifPresent(start -> out.put("start", start.toString()));
        timetable.end().ifPresent(end -> out.put("end", end.toString()));
        timetable.maxRuns().ifPresent(count -> out.put("max_runs", count));
        if (!timetable.excluded().isEmpty()) {
            var dates = out.putArray("exclude");
            timetable.excluded().stream().sorted().forEach(date -> dates.add(date.toString()));
        }
    }
}
