package carillon.action;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// One question to a language model, whose answer is the run's output. `model` is the name of a
/// model, known when the attempt begins. With a `schema` (a JSON Schema, as text) the answer must
/// be JSON that fits it.
public record PromptCall(String model, Question question, Optional<String> schema, Tuning tuning)
        implements Action {
    public PromptCall {
        requireNonNull(model, "model");
        requireNonNull(question, "question");
        requireNonNull(schema, "schema");
        requireNonNull(tuning, "tuning");
    }

    /// As the model is tuned by itself.
    public PromptCall(String model, Question question, Optional<String> schema) {
        this(model, question, schema, Tuning.NONE);
    }

    /// A literal question without a schema.
    public static PromptCall of(String model, String text) {
        return new PromptCall(model, new Question.Text(text), Optional.empty());
    }

    /// Without the question, so that it may stand in a log.
    @Override
    public String toString() {
        return "prompt to " + model;
    }
}
