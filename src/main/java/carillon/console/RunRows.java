package carillon.console;

import carillon.run.Run;
import carillon.task.Task;
import carillon.task.TaskId;
import carillon.task.Tasks;
import java.util.HashMap;
import java.util.List;

/// Rows of runs, with the names of their tasks.
final class RunRows {
    private RunRows() {}

    static List<RunRow> of(List<Run> runs, Tasks tasks) {
        var names = new HashMap<TaskId, String>();
        return runs.stream()
                .map(
                        run ->
                                RunRow.of(
                                        run,
                                        names.computeIfAbsent(run.task(), id -> nameOf(id, tasks))))
                .toList();
    }

    /// A task can go while its runs are being read.
    private static String nameOf(TaskId id, Tasks tasks) {
        return tasks.find(id)
                .map(Task::definition)
                .map(definition -> definition.name())
                .orElse("task " + id);
    }
}
