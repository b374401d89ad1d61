package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.action.Conversation;
import carillon.action.Question;
import carillon.agent.Agent;
import carillon.ai.Chat;
import carillon.ai.Model;
import carillon.ai.ModelSource;
import carillon.ai.Reply;
import carillon.ai.Spending;
import carillon.budget.Cashier;
import carillon.budget.Cashier.Grant;
import carillon.task.RetryOn;
import java.time.Duration;
import java.time.InstantSource;

/// Lets an agent answer once, on behalf of somebody who waits.
public final class AgentTrial {
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private final ModelSource models;
    private final Chat chat;
    private final Cashier cashier;
    private final InstantSource time;

    public AgentTrial(ModelSource models, Chat chat, Cashier cashier, InstantSource time) {
        this.models = requireNonNull(models, "models");
        this.chat = requireNonNull(chat, "chat");
        this.cashier = requireNonNull(cashier, "cashier");
        this.time = requireNonNull(time, "time");
    }

    /// What came of it, after how long.
    public record Tried(Reply reply, Duration took, Spending spending) {}

    /// Blocks for at most about 25 s. `caller` is who pays.
    public Tried of(Agent agent, String text, String caller) throws InterruptedException {
        var begun = time.instant();
        var call = AgentPerformer.question(agent, text);
        var model = models.find(call.model());
        if (model.isEmpty()) {
            var reason = "there is no model '" + call.model() + "'";
            return new Tried(
                    Reply.Failure.unsent(reason, RetryOn.OTHER), Duration.ZERO, Spending.NONE);
        }
        var question = ((Question.Messages) call.question()).conversation();
        var reply = ask(model.get().tuned(call.tuning()), question, caller);
        var spending =
                reply instanceof Reply.Answer answer
                        ? model.get().spending(answer.tokens())
                        : Spending.NONE;
        return new Tried(reply, Duration.between(begun, time.instant()), spending);
    }

    private Reply ask(Model model, Conversation question, String caller)
            throws InterruptedException {
        return switch (cashier.reserve(caller, model, question.text())) {
            case Grant.Refused refused -> Reply.Failure.unsent(refused.reason(), RetryOn.OTHER);
            case Grant.Given(var receipt) -> {
                try (receipt) {
                    var reply = chat.ask(model, question, PATIENCE);
                    receipt.settle(reply);
                    yield reply;
                }
            }
        };
    }
}
