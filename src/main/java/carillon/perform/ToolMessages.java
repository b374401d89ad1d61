package carillon.perform;

import carillon.action.Tool;
import carillon.action.ToolRound;
import carillon.json.Json;
import carillon.json.JsonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/// Between our words for tools and those of the providers' clients.
final class ToolMessages {
    private static final String NONE = "{}";

    private ToolMessages() {}

    static List<ToolRound.Call> calls(AiMessage message) {
        if (!message.hasToolExecutionRequests()) {
            return List.of();
        }
        var requests = message.toolExecutionRequests();
        return IntStream.range(0, requests.size()).mapToObj(i -> call(requests.get(i), i)).toList();
    }

    /// Not every provider gives calls ids.
    private static ToolRound.Call call(ToolExecutionRequest request, int place) {
        return new ToolRound.Call(
                Objects.requireNonNullElse(request.id(), "call-" + place),
                Objects.requireNonNullElse(request.name(), ""),
                Objects.requireNonNullElse(request.arguments(), ""));
    }

    static List<ChatMessage> of(ToolRound round) {
        var requests = round.calls().stream().map(ToolMessages::request).toList();
        var messages = new ArrayList<ChatMessage>();
        messages.add(
                round.said().isEmpty()
                        ? AiMessage.from(requests)
                        : AiMessage.from(round.said(), requests));
        for (int i = 0; i < requests.size(); i++) {
            messages.add(ToolExecutionResultMessage.from(requests.get(i), round.results().get(i)));
        }
        return messages;
    }

    private static ToolExecutionRequest request(ToolRound.Call call) {
        return ToolExecutionRequest.builder()
                .id(call.id())
                .name(call.name())
                .arguments(readable(call.arguments()))
                .build();
    }

    /// Some clients take arguments apart, and would stumble over what is none.
    private static String readable(String arguments) {
        try {
            return Json.read(arguments) instanceof ObjectNode ? arguments : NONE;
        } catch (JsonException _) {
            return NONE;
        }
    }

    static List<ToolSpecification> specifications(List<Tool> tools) {
        return tools.stream().map(ToolMessages::specification).toList();
    }

    private static ToolSpecification specification(Tool tool) {
        var schema = Json.readObject(tool.parameters());
        var parameters = JsonObjectSchema.builder();
        schema.path("properties")
                .properties()
                .forEach(
                        property ->
                                parameters.addProperty(
                                        property.getKey(),
                                        JsonRawSchema.from(Json.write(property.getValue()))));
        parameters.required(schema.path("required").valueStream().map(JsonNode::asText).toList());
        return ToolSpecification.builder()
                .name(tool.name())
                .description(tool.description())
                .parameters(parameters.build())
                .build();
    }
}
