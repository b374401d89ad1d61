package carillon.ai;

import java.time.Duration;

/// Puts a question to a model, once.
@FunctionalInterface
public interface Chat {
    /// Blocks for at most about `timeout`, above 0, or the model's own if that is shorter.
    Reply ask(Model model, String text, Duration timeout) throws InterruptedException;
}
