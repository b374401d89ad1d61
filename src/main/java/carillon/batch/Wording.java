package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.ai.Message;
import java.util.List;

/// What a row asks: a `prompt`, or `messages` of which the last is the user's. Where there are
/// messages, they win.
public record Wording(String prompt, List<Message> messages) {
    public Wording {
        requireNonNull(prompt, "prompt");
        messages = List.copyOf(messages);
    }

    /// The question itself.
    public String question() {
        return messages.isEmpty() ? prompt : messages.getLast().content();
    }

    /// What was said before it.
    public List<Message> earlier() {
        return messages.isEmpty() ? messages : messages.subList(0, messages.size() - 1);
    }
}
