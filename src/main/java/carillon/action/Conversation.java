package carillon.action;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// What is put to a model, message by message; it ends with what somebody asks.
public record Conversation(List<Message> messages) {
    /// Who says something.
    public enum Role {
        /// Whoever set up the conversation.
        SYSTEM,
        USER,
        /// The model, in an earlier answer.
        ASSISTANT
    }

    public record Message(Role role, String content) {
        public Message {
            requireNonNull(role, "role");
            requireNonNull(content, "content");
        }
    }

    public Conversation {
        messages = List.copyOf(messages);
        if (messages.isEmpty() || messages.getLast().role != Role.USER) {
            throw new IllegalArgumentException("a conversation ends with a message of the user");
        }
    }

    /// One question.
    public static Conversation of(String text) {
        return new Conversation(List.of(new Message(Role.USER, text)));
    }

    /// The same with the last message said otherwise.
    public Conversation ending(UnaryOperator<String> change) {
        var all = new ArrayList<>(messages);
        var last = all.removeLast();
        all.add(new Message(last.role, change.apply(last.content)));
        return new Conversation(all);
    }

    /// Whether it says itself what a model's default for the system would say.
    public boolean hasSystem() {
        return messages.stream().anyMatch(message -> message.role == Role.SYSTEM);
    }

    /// All that is said, without who says it.
    public String text() {
        return messages.size() == 1
                ? messages.getFirst().content
                : messages.stream().map(Message::content).collect(Collectors.joining("\n"));
    }
}
