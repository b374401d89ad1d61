package carillon.json;

import carillon.action.Action;
import carillon.action.TaskCall;
import carillon.action.ToolCall;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// `{"tool":{"name":"SERVER__TOOL","arguments":{…}}}` and `{"task":{"id":7}}`.
final class CallJson {
    private CallJson() {}

    static Optional<Action> readTool(Fields fields) {
        var name = fields.requiredText("name", ToolCall.MAX_NAME_LENGTH);
        var arguments = fields.raw("arguments");
        if (arguments.filter(sent -> !sent.isObject()).isPresent()) {
            fields.problem("arguments", "must be an object");
            return Optional.empty();
        }
        fields.done();
        var text = arguments.map(Json::write).orElse("{}");
        return name.map(tool -> new ToolCall(tool, text));
    }

    static Optional<Action> readTask(Fields fields) {
        if (!fields.has("id")) {
            fields.problem("id", "is required");
        }
        var id = fields.wholeNumber("id", 1, Long.MAX_VALUE);
        fields.done();
        return id.isPresent() ? Optional.of(new TaskCall(id.getAsLong())) : Optional.empty();
    }

    static ObjectNode write(ToolCall call) {
        var out = Json.object().put("name", call.tool());
        return out.set("arguments", Json.read(call.arguments()));
    }

    static ObjectNode write(TaskCall call) {
        return Json.object().put("id", call.task());
    }
}
