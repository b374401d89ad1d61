package carillon.dialect.chronos;

import carillon.action.HttpCall;
import carillon.dialect.WrittenCron;
import carillon.dialect.ZonedCron;
import carillon.task.TaskDefinition;
import java.util.Optional;

/// Which tasks Chronos can express, and the cron text that it shows for their schedules: those that
/// call a URL and fire again and again.
final class CronForm {
    private CronForm() {}

    static boolean fits(TaskDefinition definition) {
        return definition.action() instanceof HttpCall && of(definition).isPresent();
    }

    /// Empty for a task without a schedule, one that fires once, and for days 29 and 30 of the
    /// month, which cron has no word for in shorter months.
    static Optional<ZonedCron> of(TaskDefinition definition) {
        return WrittenCron.of(definition);
    }
}
