package carillon.api;

import static java.util.Objects.requireNonNull;

import carillon.ai.Chat;
import carillon.ai.Model;
import carillon.ai.ModelSource;
import carillon.ai.Reply;
import carillon.budget.Cashier;
import carillon.budget.Cashier.Grant;
import carillon.budget.Cashier.Receipt;
import carillon.json.Fields;
import carillon.json.Json;
import carillon.task.RetryOn;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// Asks a model once, on behalf of somebody who waits for the answer.
public final class ModelTrial {
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private final ModelSource models;
    private final Chat chat;
    private final Cashier cashier;
    private final InstantSource time;

    public ModelTrial(ModelSource models, Chat chat, Cashier cashier, InstantSource time) {
        this.cashier = requireNonNull(cashier, "cashier");
        this.models = requireNonNull(models, "models");
        this.chat = requireNonNull(chat, "chat");
        this.time = requireNonNull(time, "time");
    }

    Optional<Model> find(String name) {
        return models.find(name);
    }

    /// Blocks for at most about 25 s. What the model said, its tokens, cost and latency; a model
    /// that fails is an answer, not an error of the call. `caller` is who pays.
    ObjectNode of(Model model, String text, String caller) throws InterruptedException {
        var asked = time.instant();
        var reply =
                switch (cashier.reserve(caller, model, text)) {
                    case Grant.Given(var receipt) -> ask(receipt, model, text);
                    case Grant.Refused refused ->
                            Reply.Failure.unsent(refused.reason(), RetryOn.OTHER);
                };
        return view(model, reply)
                .put("latency_ms", Duration.between(asked, time.instant()).toMillis());
    }

    private Reply ask(Receipt receipt, Model model, String text) throws InterruptedException {
        try (receipt) {
            var reply = chat.ask(model, text, PATIENCE);
            receipt.settle(reply);
            return reply;
        }
    }

    private static ObjectNode view(Model model, Reply reply) {
        var view = Json.object().put("model", model.name());
        view.put("provider", Fields.word(model.provider()));
        return switch (reply) {
            case Reply.Failure failure ->
                    view.put("ok", false)
                            .putNull("text")
                            .putNull("tokens")
                            .putNull("cost")
                            .put("error", failure.reason());
            case Reply.Answer answer -> {
                view.put("ok", true).put("text", answer.text());
                SpendingView.put(view, model.spending(answer.tokens()));
                yield view.putNull("error");
            }
        };
    }
}
