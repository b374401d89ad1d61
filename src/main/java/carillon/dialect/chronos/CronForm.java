package carillon.dialect.chronos;

import carillon.action.HttpCall;
import carillon.dialect.ZonedCron;
import carillon.schedule.Calendar;
import carillon.schedule.Calendar.When;
import carillon.schedule.Schedule;
import carillon.schedule.Timetable;
import carillon.task.TaskDefinition;
import java.time.LocalTime;
import java.util.Optional;

/// Which tasks Chronos can express, and the cron text that it shows for their schedules: those that
/// call a URL and fire again and again. Bounds and exclusion dates do not show.
final class CronForm {
    private static final int LAST_DAY_OF_EVERY_MONTH = 28;
    private static final int LONGEST_MONTH = 31;

    private CronForm() {}

    static boolean fits(TaskDefinition definition) {
        return definition.action() instanceof HttpCall && of(definition).isPresent();
    }

    /// Empty for a task without a schedule, one that fires once, and for days 29 and 30 of the
    /// month, which cron has no word for in shorter months.
    static Optional<ZonedCron> of(TaskDefinition definition) {
        return definition.timetable().map(Timetable::schedule).flatMap(CronForm::of);
    }

    private static Optional<ZonedCron> of(Schedule schedule) {
        return schedule instanceof Calendar calendar
                ? days(calendar.when())
                        .map(days -> new ZonedCron(time(calendar.time()) + days, calendar.zone()))
                : ZonedCron.of(schedule);
    }

    private static String time(LocalTime time) {
        var hourAndMinute = time.getMinute() + " " + time.getHour();
        return time.getSecond() == 0 ? hourAndMinute : time.getSecond() + " " + hourAndMinute;
    }

    private static Optional<String> days(When when) {
        return switch (when) {
            case When.Daily _ -> Optional.of(" * * *");
            case When.Weekly(var day) -> Optional.of(" * * " + day.getValue() % 7);
            case When.Monthly(var day) when day == LONGEST_MONTH -> Optional.of(" L * *");
            case When.Monthly(var day) when day <= LAST_DAY_OF_EVERY_MONTH ->
                    Optional.of(" " + day + " * *");
            case When.Monthly _ -> Optional.empty();
        };
    }
}
