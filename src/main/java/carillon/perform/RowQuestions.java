package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.action.Conversation;
import carillon.ai.Model;
import carillon.ai.ModelSource;
import carillon.ai.Reply;
import carillon.ai.Spending;
import carillon.batch.Row;
import carillon.batch.RowAsker;
import carillon.budget.Cashier;
import carillon.task.RetryOn;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Puts the questions of batches to models and, where those fail, to their fallbacks in their
/// order, as the prompts of tasks are put.
public final class RowQuestions implements RowAsker {
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final ModelSource models;
    private final MeteredChat chat;
    private final InstantSource time;
    private final Meter meter;

    /// Who pays for the questions, and keeps count.
    interface Meter {
        /// Everything may be asked, and nothing is counted.
        Meter NONE =
                new Meter() {
                    @Override
                    public Till open(Model model, String text) {
                        return new Till.Paid(Cashier.Receipt.OF_NOTHING);
                    }

                    @Override
                    public void asked(Model model, Reply reply) {}
                };

        /// Before a question. `text` is all of it, but for what the model's defaults add.
        Till open(Model model, String text);

        /// After a question that was put.
        void asked(Model model, Reply reply);
    }

    /// Whether a question may be put.
    sealed interface Till {
        record Paid(Cashier.Receipt receipt) implements Till {}

        /// What becomes of the question instead.
        record Closed(Reply.Failure failure) implements Till {}
    }

    public RowQuestions(ModelSource models, MeteredChat chat, InstantSource time) {
        this(models, chat, time, Meter.NONE);
    }

    RowQuestions(ModelSource models, MeteredChat chat, InstantSource time, Meter meter) {
        this.meter = requireNonNull(meter, "meter");
        this.models = requireNonNull(models, "models");
        this.chat = requireNonNull(chat, "chat");
        this.time = requireNonNull(time, "time");
    }

    @Override
    public Asked ask(Model model, Row row) throws InterruptedException {
        var until = time.instant().plus(TIMEOUT);
        var spending = Spending.NONE;
        var inVain = new ArrayList<Reply.Failure>();
        var reasons = new ArrayList<String>();
        for (var candidate : chain(model)) {
            var left = Duration.between(time.instant(), until);
            if (!left.isPositive()) {
                break;
            }
            switch (ask(candidate, row, left)) {
                case Reply.Answer answer -> {
                    var all = spending.plus(candidate.spending(answer.tokens()));
                    return new Asked(answer, candidate.name(), all);
                }
                case Reply.Failure failure -> {
                    inVain.add(failure);
                    reasons.add(candidate.name() + ": " + failure.reason());
                }
            }
        }
        return new Asked(failed(inVain, reasons), model.name(), spending);
    }

    private List<Model> chain(Model first) {
        var chain = new ArrayList<Model>();
        chain.add(first);
        first.fallbacks().forEach(name -> models.find(name).ifPresent(chain::add));
        return chain;
    }

    private Reply ask(Model model, Row row, Duration left) throws InterruptedException {
        var asked = row.over(model);
        var question = Conversation.of(row.wording().question());
        return switch (meter.open(asked, question.text())) {
            case Till.Closed(var failure) -> failure;
            case Till.Paid(var receipt) -> {
                try (receipt) {
                    yield ask(asked, question, left, receipt);
                }
            }
        };
    }

    /// An interrupt leaves the receipt without a word: the question may have been answered.
    private Reply ask(Model model, Conversation question, Duration left, Cashier.Receipt receipt)
            throws InterruptedException {
        return switch (chat.askAtOnce(model, question, left)) {
            case MeteredChat.Came(var reply) -> {
                receipt.settle(reply);
                meter.asked(model, reply);
                yield reply;
            }
            case MeteredChat.Waits waits -> {
                receipt.release();
                yield later(waits);
            }
        };
    }

    /// The failure of a model whose turn comes later, with when that is.
    private Reply.Failure later(MeteredChat.Waits waits) {
        var failure = waits.failure();
        var wait = Duration.between(time.instant(), waits.until());
        return new Reply.Failure(
                failure.reason(),
                failure.kinds(),
                failure.status(),
                wait.isPositive() ? Optional.of(wait) : failure.retryAfter(),
                failure.mayHaveCost());
    }

    /// Retried as the first model's failure says: the others only stand in for it.
    private static Reply.Failure failed(List<Reply.Failure> inVain, List<String> reasons) {
        if (inVain.isEmpty()) {
            return Reply.Failure.unsent("there was no time left to ask", RetryOn.TIMEOUT);
        }
        var first = inVain.getFirst();
        boolean mayHaveCost = inVain.stream().anyMatch(Reply.Failure::mayHaveCost);
        return new Reply.Failure(
                inVain.size() == 1 ? first.reason() : String.join("; ", reasons),
                first.kinds(),
                first.status(),
                first.retryAfter(),
                mayHaveCost);
    }
}
