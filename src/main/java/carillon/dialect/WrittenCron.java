package carillon.dialect;

import carillon.schedule.Calendar;
import carillon.schedule.Calendar.When;
import carillon.schedule.Schedule;
import carillon.schedule.Timetable;
import carillon.task.TaskDefinition;
import java.time.LocalTime;
import java.util.Optional;

/// The cron text that stands for a task's schedule, where one does. Bounds and exclusion dates do
/// not show.
public final class WrittenCron {
    private static final int LAST_DAY_OF_EVERY_MONTH = 28;
    private static final int LONGEST_MONTH = 31;

    private WrittenCron() {}

    /// Empty for a task without a schedule, one that fires once, and for days 29 and 30 of the
    /// month, which cron has no word for in shorter months.
    public static Optional<ZonedCron> of(TaskDefinition definition) {
        return definition.timetable().map(Timetable::schedule).flatMap(WrittenCron::of);
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
