package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.action.Conversation;
import carillon.action.PromptCall;
import carillon.action.Tuning;
import carillon.ai.AdministratorModels;
import carillon.ai.Echo;
import carillon.ai.Model;
import carillon.ai.ModelSource;
import carillon.ai.Reply;
import carillon.ai.Spending;
import carillon.budget.Cashier;
import carillon.budget.Cashier.Receipt;
import carillon.perform.MeteredChat.Queue;
import carillon.perform.Questions.Wording;
import carillon.quota.Asker;
import carillon.run.Asked;
import carillon.run.Lease;
import carillon.run.ModelAnswer;
import carillon.run.ModelUse;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.task.RetryOn;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Puts the question of a [PromptCall] to its model and, where that fails, to the model's fallbacks
/// in their order, all within the time of one attempt.
public final class PromptPerformer {
    private final Questions questions;
    private final ModelSource models;
    private final MeteredChat chat;
    private final Cashier cashier;
    private final InstantSource time;

    public PromptPerformer(
            Questions questions,
            ModelSource models,
            MeteredChat chat,
            Cashier cashier,
            InstantSource time) {
        this.questions = requireNonNull(questions, "questions");
        this.cashier = requireNonNull(cashier, "cashier");
        this.models = requireNonNull(models, "models");
        this.chat = requireNonNull(chat, "chat");
        this.time = requireNonNull(time, "time");
    }

    /// Knows only the built-in model, and so never calls anybody.
    public static PromptPerformer echoing(InstantSource time) {
        return new PromptPerformer(
                Questions.LITERAL,
                AdministratorModels.NONE,
                MeteredChat.unmetered((model, asked, _) -> Echo.answer(model, asked.text())),
                Cashier.UNLIMITED,
                time);
    }

    /// One question for a model, and what became of it after how long; one whose quota is used up
    /// is not `asked`.
    private record Tried(Model model, Reply reply, Duration latency, boolean asked) {
        Spending spending() {
            return switch (reply) {
                case Reply.Answer answer -> model.spending(answer.tokens());
                case Reply.Failure _ -> Spending.NONE;
            };
        }

        /// What came of an answer that has no end.
        String part() {
            return reply instanceof Reply.Failure failure ? failure.part() : "";
        }

        ModelUse use() {
            if (!asked) {
                return ModelUse.none(model.name());
            }
            long failures = reply instanceof Reply.Failure ? 1 : 0;
            return new ModelUse(model.name(), 1, failures, spending());
        }
    }

    /// As [carillon.run.Performer] says, for one kind of action.
    public Outcome perform(PromptCall call, Lease lease) throws InterruptedException {
        return switch (questions.of(call, lease)) {
            case Wording.Ready question -> ask(call, question, lease);
            case Wording.Refused(var reason) ->
                    new Outcome.Failed(reason, Set.of(), Output.NONE, Optional.empty());
        };
    }

    private Outcome ask(PromptCall call, Wording.Ready question, Lease lease)
            throws InterruptedException {
        var model = models.find(call.model());
        if (model.isEmpty()) {
            return Outcome.Failed.of("there is no model '" + call.model() + "'", RetryOn.OTHER);
        }
        var contract = call.schema().map(OutputContract::of);
        var said = question.conversation();
        var text = contract.map(each -> said.ending(each::demand)).orElse(said);
        var until = time.instant().plus(lease.definition().policies().timeout());
        var tried = new ArrayList<Tried>();
        var payment = new Payment(cashier, lease);
        for (var candidate : chain(model.get(), call.tuning())) {
            var left = Duration.between(time.instant(), until);
            if (!left.isPositive()) {
                break;
            }
            var receipt = payment.forQuestion(candidate, text.text());
            if (payment.isOver()) {
                break;
            }
            if (receipt.isEmpty()) {
                continue;
            }
            // The first model is waited for; the others only stand in for one that fails.
            var queue = tried.isEmpty() ? Queue.JOIN : Queue.PASS_BY;
            var begin = time.instant();
            switch (ask(candidate, text, left, receipt.get(), Asker.of(lease), queue)) {
                case MeteredChat.Waits waits when tried.isEmpty() -> {
                    return new Outcome.Postponed(waits.reason(), waits.until());
                }
                case MeteredChat.Waits waits ->
                        tried.add(
                                new Tried(candidate, waits.failure(), since(begin), waits.asked()));
                case MeteredChat.Came(var reply) -> {
                    tried.add(new Tried(candidate, reply, since(begin), true));
                    if (reply instanceof Reply.Answer answer) {
                        return contract.isEmpty()
                                ? succeeded(answer, question, tried)
                                : held(contract.get(), answer, question, tried, until, lease);
                    }
                }
            }
        }
        var unpaid = tried.isEmpty() ? payment.end() : Optional.<Outcome>empty();
        return unpaid.orElseGet(() -> failed(question, tried));
    }

    private List<Model> chain(Model first, Tuning tuning) {
        var chain = new ArrayList<Model>();
        chain.add(first);
        first.fallbacks().forEach(name -> models.find(name).ifPresent(chain::add));
        return chain.stream().map(each -> each.tuned(tuning)).toList();
    }

    /// An interrupt leaves the receipt without a word: the question may have been answered.
    private MeteredChat.Turn ask(
            Model model,
            Conversation text,
            Duration left,
            Receipt receipt,
            Asker asker,
            Queue queue)
            throws InterruptedException {
        try (receipt) {
            var turn = chat.ask(model, text, left, asker, queue);
            switch (turn) {
                case MeteredChat.Came(var reply) -> receipt.settle(reply);
                case MeteredChat.Waits _ -> receipt.release();
            }
            return turn;
        }
    }

    private Duration since(Instant begin) {
        var latency = Duration.between(begin, time.instant());
        return latency.isNegative() ? Duration.ZERO : latency;
    }

    /// Holds the answer to the contract. One that does not fit is put right once by the model that
    /// gave it, if there are time and money left, and its quota allows it at once.
    private Outcome held(
            OutputContract contract,
            Reply.Answer answer,
            Wording.Ready question,
            List<Tried> tried,
            Instant until,
            Lease lease)
            throws InterruptedException {
        var held = contract.hold(answer.text());
        if (held.fits()) {
            return fitting(answer, held.json(), question, tried);
        }
        var left = Duration.between(time.instant(), until);
        if (!left.isPositive()) {
            return rejected(answer, held.faults(), question, tried);
        }
        var repair =
                question.conversation()
                        .ending(last -> contract.repair(last, answer.text(), held.faults()));
        var model = tried.getLast().model;
        var receipt = new Payment(cashier, lease).forQuestion(model, repair.text());
        if (receipt.isEmpty()) {
            return rejected(answer, held.faults(), question, tried);
        }
        var begin = time.instant();
        tried.add(
                switch (ask(model, repair, left, receipt.get(), Asker.of(lease), Queue.PASS_BY)) {
                    case MeteredChat.Waits waits ->
                            new Tried(model, waits.failure(), since(begin), waits.asked());
                    case MeteredChat.Came(var came) -> new Tried(model, came, since(begin), true);
                });
        if (!(tried.getLast().reply instanceof Reply.Answer second)) {
            return rejected(answer, held.faults(), question, tried);
        }
        var again = contract.hold(second.text());
        return again.fits()
                ? fitting(second, again.json(), question, tried)
                : rejected(second, again.faults(), question, tried);
    }

    private static Outcome fitting(
            Reply.Answer answer, String json, Wording.Ready question, List<Tried> tried) {
        var text = KeptText.of(json, Output.MAX_KEPT);
        var output = new Output(OptionalInt.empty(), "application/json", text.text(), text.cut());
        var asked = said(answer, ModelAnswer.State.WHOLE, question, tried);
        return new Outcome.Succeeded(output, asked);
    }

    /// Not retried as a failure of the provider would be: the next answer would hardly be better.
    private static Outcome rejected(
            Reply.Answer answer, List<String> faults, Wording.Ready question, List<Tried> tried) {
        return new Outcome.Failed(
                "the answer does not fit the schema: " + String.join("; ", faults),
                Set.of(RetryOn.OTHER),
                output(OptionalInt.empty(), answer.text(), false),
                Optional.empty(),
                said(answer, ModelAnswer.State.REJECTED, question, tried));
    }

    private static Outcome succeeded(
            Reply.Answer answer, Wording.Ready question, List<Tried> tried) {
        var asked = said(answer, ModelAnswer.State.WHOLE, question, tried);
        return new Outcome.Succeeded(output(OptionalInt.empty(), answer.text(), false), asked);
    }

    private static Output output(OptionalInt status, String answer, boolean cut) {
        var text = KeptText.of(answer, Output.MAX_KEPT);
        return new Output(status, "text/plain", text.text(), cut || text.cut());
    }

    /// With an answer of the model that was tried last.
    private static Asked said(
            Reply.Answer answer,
            ModelAnswer.State state,
            Wording.Ready question,
            List<Tried> tried) {
        return asked(tried.getLast(), answer.text(), state, question, tried);
    }

    private static Asked asked(
            Tried by,
            String said,
            ModelAnswer.State state,
            Wording.Ready question,
            List<Tried> tried) {
        var text = KeptText.of(said, ModelAnswer.MAX_KEPT);
        var spending = tried.stream().map(Tried::spending).reduce(Spending.NONE, Spending::plus);
        var source = new ModelAnswer.Source(by.model.name(), by.model.model(), question.prompt());
        var answer =
                new ModelAnswer(
                        text.text(),
                        text.cut() ? ModelAnswer.State.CUT : state,
                        source,
                        spending,
                        latency(by.model, tried));
        return new Asked(Optional.of(answer), uses(tried));
    }

    private static List<ModelUse> uses(List<Tried> tried) {
        return tried.stream().map(Tried::use).toList();
    }

    /// That of one model, a repair included.
    private static Duration latency(Model model, List<Tried> tried) {
        return tried.stream()
                .filter(one -> one.model.name().equals(model.name()))
                .map(Tried::latency)
                .reduce(Duration.ZERO, Duration::plus);
    }

    /// Retried, and when, as the first model's failure says: the others only stand in for it.
    private static Outcome failed(Wording.Ready question, List<Tried> tried) {
        var inVain = new ArrayList<Reply.Failure>();
        var reasons = new ArrayList<String>();
        for (var one : tried) {
            if (one.reply instanceof Reply.Failure failure) {
                inVain.add(failure);
                reasons.add(one.model.name() + ": " + failure.reason());
            }
        }
        if (inVain.isEmpty()) {
            return Outcome.Failed.of("there was no time left to ask", RetryOn.TIMEOUT);
        }
        var first = inVain.getFirst();
        var reason = inVain.size() == 1 ? first.reason() : String.join("; ", reasons);
        var cut = tried.reversed().stream().filter(one -> !one.part().isEmpty()).findFirst();
        var asked =
                cut.map(one -> asked(one, one.part(), ModelAnswer.State.CUT, question, tried))
                        .orElseGet(() -> new Asked(Optional.empty(), uses(tried)));
        var output =
                cut.map(one -> output(first.status(), one.part(), true))
                        .orElseGet(() -> new Output(first.status(), "", "", false));
        return new Outcome.Failed(reason, first.kinds(), output, first.retryAfter(), asked);
    }
}
