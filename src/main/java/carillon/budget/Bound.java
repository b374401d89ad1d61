package carillon.budget;

import carillon.ai.Model;
import carillon.ai.Prices;
import carillon.ai.Tokens;
import java.nio.charset.StandardCharsets;

/// The most that a question is expected to cost.
final class Bound {
    /// For the answer of a model whose defaults do not bound it.
    static final int ANSWER_TOKENS = 4_096;

    /// What providers add to a message.
    private static final int TOKENS_PER_MESSAGE = 16;

    private Bound() {}

    /// A question has no more tokens than it has bytes in UTF-8, whatever the tokenizer; an answer
    /// has at most what the model's defaults allow.
    static Tokens tokens(Model model, String text) {
        long input = TOKENS_PER_MESSAGE + bytes(text);
        var system = model.defaults().system();
        if (system.isPresent()) {
            input += TOKENS_PER_MESSAGE + bytes(system.get());
        }
        return new Tokens(input, model.defaults().maxTokens().orElse(ANSWER_TOKENS));
    }

    static long cost(Prices prices, Model model, String text) {
        return prices.costNanodollars(tokens(model, text));
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
