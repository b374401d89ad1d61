package carillon.action;

import static java.util.Objects.requireNonNull;

/// One question to a language model, whose answer is the run's output. `model` is the name of a
/// model, known when the attempt begins.
public record PromptCall(String model, String text) implements Action {
    public PromptCall {
        requireNonNull(model, "model");
        requireNonNull(text, "text");
    }

    /// Without the text, so that it may stand in a log.
    @Override
    public String toString() {
        return "prompt to " + model;
    }
}
