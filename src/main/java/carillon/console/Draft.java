package carillon.console;

import carillon.json.Json;
import carillon.json.JsonException;
import carillon.json.Problem;
import carillon.json.Problems;
import carillon.json.ReadContext;
import carillon.json.TaskJson;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A definition as somebody has written it: what it says, or what is wrong with it.
sealed interface Draft {
    record Sound(TaskDefinition definition) implements Draft {}

    /// One problem at least.
    record Faulty(List<String> problems) implements Draft {
        public Faulty {
            problems = List.copyOf(problems);
        }
    }

    /// Reads `text` for the task `id`, which `previous` is so far, if it exists.
    static Draft read(
            String text,
            TaskId id,
            Optional<Task> previous,
            ConsoleApi.Writing writing,
            Instant now) {
        var sent = ReadContext.sent(id, now, writing.zone());
        var context = previous.map(Task::definition).map(sent::replacing).orElse(sent);
        var problems = new Problems();
        try {
            var read = TaskJson.read(Json.read(text), context, problems);
            read.ifPresent(definition -> writing.rules().accept(definition, problems));
            if (read.isPresent() && problems.isEmpty()) {
                return new Sound(read.get());
            }
        } catch (JsonException e) {
            problems.add("", e.getMessage());
        }
        return new Faulty(problems.list().stream().map(Problem::toString).toList());
    }
}
