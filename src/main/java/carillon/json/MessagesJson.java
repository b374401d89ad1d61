package carillon.json;

import carillon.action.Conversation;
import carillon.action.Conversation.Message;
import carillon.action.Conversation.Role;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A conversation: an array of `{role, content}`, whose last message is the user's.
public final class MessagesJson {
    public static final int MAX_MESSAGES = 1_000;

    private final Fields fields;
    private final String name;

    private MessagesJson(Fields fields, String name) {
        this.fields = fields;
        this.name = name;
    }

    /// Empty, with a problem, when the field holds no conversation. With `checked` it is held to
    /// the limits, and unknown fields of a message are problems.
    static Optional<Conversation> read(Fields fields, String name, boolean checked) {
        return new MessagesJson(fields, name).read(checked);
    }

    private Optional<Conversation> read(boolean checked) {
        int before = fields.problems().count();
        var items = fields.array(name, checked ? MAX_MESSAGES : Integer.MAX_VALUE);
        var messages = new ArrayList<Message>();
        var sent = items.orElse(List.of());
        for (int i = 0; i < sent.size(); i++) {
            message(sent.get(i), i, checked).ifPresent(messages::add);
        }
        if (fields.problems().count() > before) {
            return Optional.empty();
        }
        if (messages.isEmpty() || messages.getLast().role() != Role.USER) {
            fields.problem(name, "must end with a message of the role user");
            return Optional.empty();
        }
        if (checked && length(messages) > PromptCallJson.MAX_TEXT_LENGTH) {
            var max = PromptCallJson.MAX_TEXT_LENGTH;
            fields.problem(name, "must have at most " + max + " characters in all");
            return Optional.empty();
        }
        return Optional.of(new Conversation(messages));
    }

    private Optional<Message> message(JsonNode item, int index, boolean checked) {
        var path = fields.path(name) + "[" + index + "]";
        return Fields.of(item, path, fields.problems()).flatMap(sent -> message(sent, checked));
    }

    private static Optional<Message> message(Fields sent, boolean checked) {
        var role = sent.word("role", Role.class);
        if (!sent.has("role")) {
            sent.problem("role", "is required");
        }
        var content = sent.requiredText("content", Integer.MAX_VALUE);
        if (checked) {
            sent.done();
        }
        return role.flatMap(who -> content.map(text -> new Message(who, text)));
    }

    private static long length(List<Message> messages) {
        return messages.stream().mapToLong(message -> message.content().length()).sum();
    }

    public static ArrayNode write(Conversation conversation) {
        var out = Json.array();
        for (var message : conversation.messages()) {
            out.addObject()
                    .put("role", Fields.word(message.role()))
                    .put("content", message.content());
        }
        return out;
    }
}
