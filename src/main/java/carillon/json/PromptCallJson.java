package carillon.json;

import carillon.action.Action;
import carillon.action.PromptCall;
import carillon.action.Question;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// `{"prompt":{model, text}}`.
final class PromptCallJson {
    static final int MAX_MODEL_LENGTH = 200;
    static final int MAX_TEXT_LENGTH = 200_000;

    /// What the form of a prompt has room for, and this version does not do.
    private static final List<String> NOT_SERVED =
            List.of("prompt", "version", "variables", "schema");

    private PromptCallJson() {}

    static Optional<Action> read(Fields fields, ReadContext context) {
        var max = context.isShown();
        var model = fields.requiredText("model", max ? MAX_MODEL_LENGTH : Integer.MAX_VALUE);
        for (var name : NOT_SERVED) {
            if (fields.has(name)) {
                fields.problem(name, "is not served by this version: say the prompt in 'text'");
            }
        }
        var text = fields.requiredText("text", max ? MAX_TEXT_LENGTH : Integer.MAX_VALUE);
        fields.done();
        return model.flatMap(name -> text.map(question -> PromptCall.of(name, question)));
    }

    static ObjectNode write(PromptCall call) {
        var out = Json.object().put("model", call.model());
        switch (call.question()) {
            case Question.Text(var text) -> out.put("text", text);
            case Question.Stored(var prompt, var version, var variables) -> {
                out.put("prompt", prompt);
                version.ifPresent(number -> out.put("version", number));
                variables.forEach(out.putObject("variables")::put);
            }
        }
        return out;
    }
}
