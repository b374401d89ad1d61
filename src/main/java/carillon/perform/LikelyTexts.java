package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.action.Question;
import carillon.budget.QuestionTexts;
import carillon.prompt.Builtins;
import carillon.prompt.PromptReference;
import carillon.prompt.Prompts;
import carillon.prompt.Rendering;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What questions would say if they were asked now, outside of any run.
public final class LikelyTexts implements QuestionTexts {
    private final Prompts prompts;
    private final ZoneId zone;
    private final InstantSource time;

    public LikelyTexts(Prompts prompts, ZoneId zone, InstantSource time) {
        this.prompts = requireNonNull(prompts, "prompts");
        this.zone = requireNonNull(zone, "zone");
        this.time = requireNonNull(time, "time");
    }

    @Override
    public Optional<String> find(Question question) {
        return switch (question) {
            case Question.Text(var text) -> Optional.of(text);
            case Question.Messages(var conversation) -> Optional.of(conversation.text());
            case Question.Template(var text, var variables) ->
                    rendered(prompts.fill(text, variables, builtins()));
            case Question.Stored(var prompt, var version, var variables) ->
                    rendered(
                            prompts.render(
                                    PromptReference.of(prompt), version, variables, builtins()));
        };
    }

    private Map<String, String> builtins() {
        var now = time.instant();
        var builtins = new HashMap<>(Builtins.at(now, zone, now));
        builtins.put(Builtins.RUN_ID, "");
        builtins.put(Builtins.PREVIOUS_RESPONSE, "");
        return builtins;
    }

    private static Optional<String> rendered(Rendering rendering) {
        return rendering instanceof Rendering.Rendered(var text, _)
                ? Optional.of(text)
                : Optional.empty();
    }
}
