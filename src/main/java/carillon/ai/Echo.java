package carillon.ai;

import java.util.Optional;

/// The built-in provider: a dry run. The same question always gets the same answer, which says that
/// no model was called.
public final class Echo {
    private static final String PREFIX = "echo, no model was called: ";

    private Echo() {}

    public static Reply.Answer answer(Model model, String text) {
        var answer = PREFIX + text;
        long input =
                Tokens.estimate(text)
                        + model.defaults().before().stream()
                                .mapToLong(said -> Tokens.estimate(said.content()))
                                .sum();
        return new Reply.Answer(answer, Optional.of(new Tokens(input, Tokens.estimate(answer))));
    }
}
