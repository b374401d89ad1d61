package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.action.Tool;
import carillon.egress.Egress;
import carillon.egress.EgressReply;
import carillon.egress.EgressRequest;
import carillon.run.Lease;
import carillon.run.Output;
import carillon.task.TaskId;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Tools that every server has: `http_get`, by the rules for all outgoing calls, and
/// `read_response`.
public final class BuiltInTools implements Toolbox {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String HTTP_GET = "http_get";
    private static final String READ_RESPONSE = "read_response";

    private static final List<Tool> TOOLS =
            List.of(
                    new Tool(
                            HTTP_GET,
                            "Fetches a page on the web, and returns its status and its text.",
                            """
                            {"type":"object","properties":{"url":{"type":"string",
                              "description":"An address that begins with http:// or https://"}},
                             "required":["url"]}
                            """),
                    new Tool(
                            READ_RESPONSE,
                            "Returns what a model said last in the runs of a task.",
                            """
                            {"type":"object","properties":{"task_id":{"type":"integer"}},
                             "required":["task_id"]}
                            """));

    private final Egress egress;
    private final Function<TaskId, Optional<String>> lastText;

    /// `lastText` knows what a model said last in the runs of a task.
    public BuiltInTools(Egress egress, Function<TaskId, Optional<String>> lastText) {
        this.egress = requireNonNull(egress, "egress");
        this.lastText = requireNonNull(lastText, "lastText");
    }

    @Override
    public List<Tool> tools() {
        return TOOLS;
    }

    @Override
    public Result use(String tool, ObjectNode arguments, Lease lease) throws InterruptedException {
        return tool.equals(HTTP_GET) ? get(arguments) : read(arguments);
    }

    private Result get(ObjectNode arguments) throws InterruptedException {
        URI url;
        try {
            url = URI.create(arguments.path("url").asText().strip());
        } catch (IllegalArgumentException _) {
            return Result.failed("the url is none");
        }
        var request =
                new EgressRequest("GET", url, Map.of(), Optional.empty(), TIMEOUT, Output.MAX_KEPT);
        return switch (egress.send(request)) {
            case EgressReply.Answer answer ->
                    Result.of("status " + answer.status() + "\n" + answer.body());
            case EgressReply.Unreachable(var reason, _) -> Result.failed(reason);
            case EgressReply.TimedOut(var reason, _) -> Result.failed(reason);
            case EgressReply.Refused(var reason) -> Result.failed(reason);
        };
    }

    private Result read(ObjectNode arguments) {
        var id = arguments.path("task_id");
        if (!id.canConvertToLong() || id.asLong() < 1) {
            return Result.failed("task_id must be the number of a task");
        }
        return lastText.apply(new TaskId(id.asLong()))
                .map(Result::of)
                .orElseGet(() -> Result.failed("no model has said anything in task " + id));
    }
}
