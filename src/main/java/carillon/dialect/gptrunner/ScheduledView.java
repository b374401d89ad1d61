package carillon.dialect.gptrunner;

import carillon.action.BatchFile;
import carillon.action.PromptCall;
import carillon.ai.Model;
import carillon.dialect.WrittenCron;
import carillon.json.Json;
import carillon.run.Run;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// A scheduled task as this API shows it.
final class ScheduledView {
    private ScheduledView() {}

    /// Those that put a prompt to a model, or answer a file, and fire again and again.
    static boolean fits(TaskDefinition definition) {
        boolean asks = TaskView.asks(definition) || definition.action() instanceof BatchFile;
        return asks && WrittenCron.of(definition).isPresent();
    }

    /// `last` is its newest run that has ended.
    static ObjectNode of(Task task, Optional<Run> last) {
        var definition = task.definition();
        var schedule = WrittenCron.of(definition).orElseThrow();
        var out =
                Json.object()
                        .put("id", Codec.scheduledId(task.id()))
                        .put("name", definition.name())
                        .put("schedule", schedule.text())
                        .put("timezone", schedule.zone().getId())
                        .put("isActive", !task.paused());
        TaskView.putQuestion(definition, out);
        putConfig(definition, out);
        TaskView.putMetadata(definition, out);
        out.put("createdAt", Codec.time(task.createdAt()))
                .put("updatedAt", Codec.time(task.updatedAt()));
        last.flatMap(run -> run.progress().times().startedAt())
                .ifPresentOrElse(
                        at -> out.put("lastRun", Codec.time(at)), () -> out.putNull("lastRun"));
        task.nextRun()
                .ifPresentOrElse(
                        at -> out.put("nextRun", Codec.time(at)), () -> out.putNull("nextRun"));
        return out;
    }

    private static void putConfig(TaskDefinition definition, ObjectNode out) {
        if (definition.action() instanceof BatchFile file) {
            putFile(file, definition, out);
        }
        if (!(definition.action() instanceof PromptCall call)) {
            return;
        }
        out.put("isDryRun", call.model().equals(Model.ECHO_NAME));
        var config = out.putObject("config").put("model", call.model());
        TaskView.putTuning(definition, config);
        config.put("maxRetries", definition.policies().retry().attempts() - 1);
    }

    private static void putFile(BatchFile file, TaskDefinition definition, ObjectNode out) {
        var asking = file.asking();
        out.put("inputFile", file.input())
                .put("outputFile", file.output())
                .put("isDryRun", asking.dryRun());
        var config = out.putObject("config");
        asking.model().ifPresent(model -> config.put("model", model));
        asking.tuning().temperature().ifPresent(value -> config.put("temperature", value));
        asking.tuning().maxTokens().ifPresent(value -> config.put("maxTokens", value));
        config.put("maxConcurrency", file.concurrency());
        config.put("maxRetries", definition.policies().retry().attempts() - 1);
    }
}
