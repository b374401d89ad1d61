package carillon.action;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is put to a model, message by message; it ends with what somebody asks. The model may ask
/// for the `tools`; where it has, the `rounds` of that come after the messages.
public record Conversation(List<Message> messages, List<Tool> tools, List<ToolRound> rounds) {
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
        tools = List.copyOf(tools);
        rounds = List.copyOf(rounds);
        if (messages.isEmpty() || messages.getLast().role != Role.USER) {
            throw new IllegalArgumentException("a conversation ends with a message of the user");
        }
    }

    /// Without tools.
    public Conversation(List<Message> messages) {
        this(messages, List.of(), List.of());
    }

    /// The same, in which the model may ask for these tools, and has done so in these rounds.
    public Conversation with(List<Tool> offered, List<ToolRound> past) {
        return new Conversation(messages, offered, past);
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
        return new Conversation(all, tools, rounds);
    }

    /// Whether it says itself what a model's default for the system would say.
    public boolean hasSystem() {
        return messages.stream().anyMatch(message -> message.role == Role.SYSTEM);
    }

    /// All that is said, without who says it.
    public String text() {
        if (messages.size() == 1 && rounds.isEmpty()) {
            return messages.getFirst().content;
        }
        return Stream.concat(
                        messages.stream().map(Message::content),
                        rounds.stream().map(ToolRound::text))
                .collect(Collectors.joining("\n"));
    }
}
