package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.action.PromptCall;
import carillon.action.Question;
import carillon.ai.AdministratorModels;
import carillon.ai.Chat;
import carillon.ai.Echo;
import carillon.ai.Model;
import carillon.ai.ModelSource;
import carillon.ai.Reply;
import carillon.run.Lease;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.task.RetryOn;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// Puts the question of a [PromptCall] to its model and, where that fails, to the model's fallbacks
/// in their order, all within the time of one attempt.
public final class PromptPerformer {
    private final ModelSource models;
    private final Chat chat;
    private final InstantSource time;

    public PromptPerformer(ModelSource models, Chat chat, InstantSource time) {
        this.models = requireNonNull(models, "models");
        this.chat = requireNonNull(chat, "chat");
        this.time = requireNonNull(time, "time");
    }

    /// Knows only the built-in model, and so never calls anybody.
    public static PromptPerformer echoing(InstantSource time) {
        return new PromptPerformer(
                AdministratorModels.NONE, (model, text, _) -> Echo.answer(model, text), time);
    }

    /// A model that was asked in vain.
    private record Attempted(String model, Reply.Failure failure) {}

    Outcome perform(PromptCall call, Lease lease) throws InterruptedException {
        if (!(call.question() instanceof Question.Text(var text))) {
            return Outcome.Failed.of("stored prompts are not served", RetryOn.OTHER);
        }
        var model = models.find(call.model());
        if (model.isEmpty()) {
            return Outcome.Failed.of("there is no model '" + call.model() + "'", RetryOn.OTHER);
        }
        var until = time.instant().plus(lease.definition().policies().timeout());
        var inVain = new ArrayList<Attempted>();
        for (var candidate : chain(model.get())) {
            var left = Duration.between(time.instant(), until);
            if (!left.isPositive()) {
                break;
            }
            switch (chat.ask(candidate, text, left)) {
                case Reply.Answer answer -> {
                    return succeeded(answer);
                }
                case Reply.Failure failure -> inVain.add(new Attempted(candidate.name(), failure));
            }
        }
        return failed(inVain);
    }

    private List<Model> chain(Model first) {
        var chain = new ArrayList<Model>();
        chain.add(first);
        first.fallbacks().forEach(name -> models.find(name).ifPresent(chain::add));
        return chain;
    }

    private static Outcome succeeded(Reply.Answer answer) {
        var text = KeptText.of(answer.text(), Output.MAX_KEPT);
        return new Outcome.Succeeded(
                new Output(OptionalInt.empty(), "text/plain", text.text(), text.cut()));
    }

    /// Retried, and when, as the first model's failure says: the others only stand in for it.
    private static Outcome failed(List<Attempted> inVain) {
        if (inVain.isEmpty()) {
            return Outcome.Failed.of("there was no time left to ask", RetryOn.TIMEOUT);
        }
        var first = inVain.getFirst().failure;
        var reason =
                inVain.size() == 1
                        ? first.reason()
                        : inVain.stream()
                                .map(one -> one.model + ": " + one.failure.reason())
                                .collect(Collectors.joining("; "));
        var output = new Output(first.status(), "", "", false);
        return new Outcome.Failed(reason, first.kinds(), output, first.retryAfter());
    }
}
