package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.ai.Defaults;
import carillon.ai.Model;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// One question of an input. `number` is the row's; rows of CSV begin at 2, after the header.
public record Row(long number, String id, Wording wording, Choices choices, Labels labels) {
    public Row {
        requireNonNull(id, "id");
        requireNonNull(wording, "wording");
        requireNonNull(choices, "choices");
        requireNonNull(labels, "labels");
    }

    /// The model, asked as this row says; the question itself is [Wording#question].
    public Model over(Model model) {
        var own = model.defaults();
        var temperature = choices.temperature();
        var maxTokens = choices.maxTokens();
        return model.with(
                new Defaults(
                        temperature.isPresent() ? temperature : own.temperature(),
                        own.topP(),
                        maxTokens.isPresent() ? maxTokens : own.maxTokens(),
                        own.system(),
                        wording.earlier()));
    }

    OptionalDouble temperature() {
        return choices.temperature();
    }

    OptionalInt maxTokens() {
        return choices.maxTokens();
    }
}
