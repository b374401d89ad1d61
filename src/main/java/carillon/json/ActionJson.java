package carillon.json;

import carillon.action.Action;
import carillon.action.HttpCall;
import carillon.action.Nothing;
import carillon.action.PromptCall;
import carillon.json.ReadContext.Form;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// The field `action`: an object with one field, which names the kind of action.
final class ActionJson {
    private static final List<String> KINDS = List.of("http", "prompt", "nothing");

    private ActionJson() {}

    static Optional<Action> read(Fields parent, ReadContext context) {
        if (!parent.has("action")) {
            parent.problem("action", "is required");
            return Optional.empty();
        }
        return parent.object("action").flatMap(fields -> readKind(fields, context));
    }

    private static Optional<Action> readKind(Fields fields, ReadContext context) {
        var http = fields.object("http");
        var prompt = fields.object("prompt");
        var nothing = fields.object("nothing");
        fields.done();
        var sent = KINDS.stream().filter(fields::has).toList();
        if (sent.size() != 1) {
            fields.problem("must have exactly one of " + String.join(", ", KINDS));
            return Optional.empty();
        }
        nothing.ifPresent(Fields::done);
        if (http.isPresent()) {
            return HttpCallJson.read(http.get(), context);
        }
        if (prompt.isPresent()) {
            return PromptCallJson.read(prompt.get(), context);
        }
        return nothing.map(_ -> new Nothing());
    }

    static ObjectNode write(Action action, Form form) {
        var out = Json.object();
        switch (action) {
            case HttpCall call -> out.set("http", HttpCallJson.write(call, form));
            case PromptCall call -> out.set("prompt", PromptCallJson.write(call));
            case Nothing _ -> out.putObject("nothing");
        }
        return out;
    }
}
