package carillon.dialect.gptrunner;

import carillon.action.Conversation;
import carillon.action.PromptCall;
import carillon.action.Question;
import carillon.ai.Model;
import carillon.ai.Spending;
import carillon.budget.Money;
import carillon.json.Json;
import carillon.json.MessagesJson;
import carillon.oneshot.ClientName;
import carillon.oneshot.OneShot;
import carillon.oneshot.OneShots;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunState;
import carillon.task.TaskDefinition;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// A task as this API shows it.
final class TaskView {
    private TaskView() {}

    /// Those that say what they ask: stored prompts and templates are not known here.
    static boolean fits(TaskDefinition definition) {
        return OneShots.isOne(definition) && asks(definition);
    }

    static boolean asks(TaskDefinition definition) {
        return definition.action() instanceof PromptCall call
                && switch (call.question()) {
                    case Question.Text _, Question.Messages _ -> true;
                    case Question.Template _, Question.Stored _ -> false;
                };
    }

    static String id(OneShot shown) {
        return shown.name().map(ClientName::id).orElseGet(() -> Codec.taskId(shown.task().id()));
    }

    /// As in a list.
    static ObjectNode head(OneShot shown) {
        var out = Json.object().put("id", id(shown)).put("status", Codec.status(shown.run()));
        call(shown.task().definition(), out);
        shown.name().flatMap(ClientName::batch).ifPresent(batch -> out.put("batchId", batch));
        out.put("createdAt", Codec.time(shown.task().createdAt()));
        putEnd(shown, out);
        return out;
    }

    private static void call(TaskDefinition definition, ObjectNode out) {
        if (definition.action() instanceof PromptCall call) {
            out.put("model", call.model()).put("isDryRun", call.model().equals(Model.ECHO_NAME));
        }
    }

    private static void putEnd(OneShot shown, ObjectNode out) {
        shown.run()
                .flatMap(run -> run.progress().times().finishedAt())
                .ifPresent(at -> out.put("completedAt", Codec.time(at)));
    }

    /// With what the newest run has brought.
    static ObjectNode whole(OneShot shown, Output output, Spending spending) {
        var definition = shown.task().definition();
        var out = Json.object().put("id", id(shown));
        putQuestion(definition, out);
        call(definition, out);
        putTuning(definition, out);
        putMetadata(definition, out);
        shown.name().flatMap(ClientName::batch).ifPresent(batch -> out.put("batchId", batch));
        shown.name()
                .flatMap(ClientName::once)
                .ifPresent(once -> out.put("idempotencyKey", once.key()));
        out.put("status", Codec.status(shown.run()));
        shown.run().ifPresent(run -> putRun(run, output, spending, out));
        out.put("createdAt", Codec.time(shown.task().createdAt()))
                .put("updatedAt", Codec.time(shown.task().updatedAt()));
        shown.run()
                .flatMap(run -> run.progress().times().startedAt())
                .ifPresent(at -> out.put("startedAt", Codec.time(at)));
        putEnd(shown, out);
        return out;
    }

    static void putQuestion(TaskDefinition definition, ObjectNode out) {
        if (!(definition.action() instanceof PromptCall call)) {
            return;
        }
        switch (call.question()) {
            case Question.Text(var text) -> out.put("prompt", text);
            case Question.Messages(var conversation) -> {
                out.put("prompt", last(conversation));
                out.set("messages", MessagesJson.write(conversation));
            }
            case Question.Template(var text, _) -> out.put("prompt", text);
            case Question.Stored(var prompt, _, _) -> out.put("prompt", prompt);
        }
    }

    private static String last(Conversation conversation) {
        return conversation.messages().getLast().content();
    }

    static void putTuning(TaskDefinition definition, ObjectNode out) {
        if (definition.action() instanceof PromptCall call) {
            call.tuning().temperature().ifPresent(value -> out.put("temperature", value));
            call.tuning().maxTokens().ifPresent(value -> out.put("maxTokens", value));
        }
    }

    static void putMetadata(TaskDefinition definition, ObjectNode out) {
        var metadata = out.putObject("metadata");
        definition.tags().forEach((name, tag) -> metadata.set(name, Codec.metadata(tag)));
    }

    private static void putRun(Run run, Output output, Spending spending, ObjectNode out) {
        out.put("executionId", Codec.executionId(run.id()));
        if (run.state() == RunState.SUCCEEDED) {
            var result = out.putObject("result").put("content", output.body());
            putUsage(spending, result);
            if (output.cut()) {
                result.put("truncated", true);
            }
        } else if (Codec.status(run.state()).equals("failed")) {
            out.put("error", run.progress().reason());
        }
    }

    static void putUsage(Spending spending, ObjectNode out) {
        spending.tokens()
                .ifPresent(
                        tokens ->
                                out.putObject("usage")
                                        .put("promptTokens", tokens.input())
                                        .put("completionTokens", tokens.output())
                                        .put("totalTokens", tokens.total()));
        spending.costNanodollars().ifPresent(cost -> out.put("cost", Money.dollars(cost)));
    }
}
