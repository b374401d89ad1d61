package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.action.Tool;
import carillon.action.ToolCall;
import carillon.json.Json;
import carillon.run.Lease;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.task.RetryOn;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// Uses tools without an agent that asks for them.
public final class ToolPerformer {
    private final Toolbox tools;

    public ToolPerformer(Toolbox tools) {
        this.tools = requireNonNull(tools, "tools");
    }

    /// As [carillon.run.Performer] says, for one kind of action.
    public Outcome perform(ToolCall call, Lease lease) throws InterruptedException {
        var known = tools.tools().stream().map(Tool::name).collect(Collectors.toSet());
        if (!known.isEmpty() && !known.contains(call.tool())) {
            var names = known.stream().sorted().collect(Collectors.joining(", "));
            return BatchOutcomes.failed(
                    "there is no tool '" + call.tool() + "'; there are: " + names);
        }
        var brought = tools.use(call.tool(), Json.readObject(call.arguments()), lease);
        if (!brought.succeeded()) {
            return Outcome.Failed.of(call.tool() + ": " + brought.text(), RetryOn.OTHER);
        }
        var text = KeptText.of(brought.text(), Output.MAX_KEPT);
        return new Outcome.Succeeded(
                new Output(OptionalInt.empty(), "text/plain", text.text(), text.cut()));
    }
}
