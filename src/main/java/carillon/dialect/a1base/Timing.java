package carillon.dialect.a1base;

import static java.util.Objects.requireNonNull;

import carillon.action.HttpCall;
import carillon.dialect.ZonedCron;
import carillon.json.Json;
import carillon.schedule.Calendar;
import carillon.schedule.Calendar.When;
import carillon.schedule.Schedule;
import carillon.schedule.Timetable;
import carillon.task.TaskDefinition;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/// When a job runs, in A1Base's fields: `frequency`, `time`, `day_of_week`, `day_of_month`,
/// `timezone`, `custom_schedule`, in this order and as far as they belong to the frequency.
record Timing(ObjectNode fields, ZoneId zone) {
    static final List<String> FIELDS =
            List.of(
                    "frequency",
                    "time",
                    "day_of_week",
                    "day_of_month",
                    "custom_schedule",
                    "timezone");
    static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE");

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");

    Timing {
        requireNonNull(fields, "fields");
        requireNonNull(zone, "zone");
    }

    /// Whether A1Base can express the task: it calls a URL with one of the four methods and fires
    /// again and again, on whole minutes where a time of day is shown.
    static boolean fits(TaskDefinition definition) {
        return definition.action() instanceof HttpCall call
                && METHODS.contains(call.method())
                && of(definition).isPresent();
    }

    static Optional<Timing> of(TaskDefinition definition) {
        return definition.timetable().map(Timetable::schedule).flatMap(Timing::of);
    }

    private static Optional<Timing> of(Schedule schedule) {
        return schedule instanceof Calendar calendar
                ? Optional.of(calendar).filter(rule -> rule.time().getSecond() == 0).map(Timing::of)
                : ZonedCron.of(schedule).map(Timing::of);
    }

    private static Timing of(Calendar calendar) {
        var frequency =
                switch (calendar.when()) {
                    case When.Daily _ -> "daily";
                    case When.Weekly _ -> "weekly";
                    case When.Monthly _ -> "monthly";
                };
        var out =
                Json.object().put("frequency", frequency).put("time", TIME.format(calendar.time()));
        switch (calendar.when()) {
            case When.Daily _ -> {}
            case When.Weekly(var day) -> out.put("day_of_week", day.getValue() % 7);
            case When.Monthly(var day) -> out.put("day_of_month", day);
        }
        return new Timing(out.put("timezone", calendar.zone().getId()), calendar.zone());
    }

    private static Timing of(ZonedCron cron) {
        var out =
                Json.object()
                        .put("frequency", "custom")
                        .put("custom_schedule", cron.text())
                        .put("timezone", cron.zone().getId());
        return new Timing(out, cron.zone());
    }
}
