package carillon.ai;

import carillon.action.Conversation;
import java.time.Duration;

/// Puts a question to a model, once.
@FunctionalInterface
public interface Chat {
    /// Blocks for at most about `timeout`, above 0, or the model's own if that is shorter.
    Reply ask(Model model, Conversation conversation, Duration timeout) throws InterruptedException;

    /// One question, without anything before it.
    default Reply ask(Model model, String text, Duration timeout) throws InterruptedException {
        return ask(model, Conversation.of(text), timeout);
    }
}
