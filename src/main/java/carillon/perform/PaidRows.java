package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.ai.Model;
import carillon.ai.Reply;
import carillon.ai.Spending;
import carillon.budget.Cashier;
import carillon.budget.Cashier.Grant;
import carillon.run.Lease;
import carillon.run.ModelUse;
import carillon.task.RetryOn;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Puts the questions of one run's batch, with the money of the budgets that the run falls under,
/// and counts how models were used.
final class PaidRows implements RowQuestions.Meter {
    /// Money that is tied up in calls under way is waited for.
    private static final Duration SHORT = Duration.ofMinutes(1);

    private final Cashier cashier;
    private final Lease lease;
    private final InstantSource time;
    private final Consumer<Grant.Refused> broke;
    private final Map<String, ModelUse> uses = new ConcurrentHashMap<>();

    /// `broke` is told when there is no money for any more rows: no sooner than in a minute, or
    /// never.
    PaidRows(Cashier cashier, Lease lease, InstantSource time, Consumer<Grant.Refused> broke) {
        this.cashier = requireNonNull(cashier, "cashier");
        this.lease = requireNonNull(lease, "lease");
        this.time = requireNonNull(time, "time");
        this.broke = requireNonNull(broke, "broke");
    }

    @Override
    public RowQuestions.Till open(Model model, String text) {
        return switch (cashier.reserve(lease, model, text)) {
            case Grant.Given(var receipt) -> new RowQuestions.Till.Paid(receipt);
            case Grant.Later later -> later(later);
            case Grant.Never never -> {
                broke.accept(never);
                yield new RowQuestions.Till.Closed(tooMany(never.reason(), Optional.of(SHORT)));
            }
            case Grant.Cheaper(var reason) ->
                    new RowQuestions.Till.Closed(Reply.Failure.unsent(reason, RetryOn.OTHER));
            case Grant.Unpriced(var reason) ->
                    new RowQuestions.Till.Closed(Reply.Failure.unsent(reason, RetryOn.OTHER));
        };
    }

    private RowQuestions.Till later(Grant.Later later) {
        var wait = Duration.between(time.instant(), later.until());
        if (wait.compareTo(SHORT) > 0) {
            broke.accept(later);
        }
        var shown = wait.isPositive() ? wait : Duration.ofMillis(1);
        return new RowQuestions.Till.Closed(tooMany(later.reason(), Optional.of(shown)));
    }

    /// As a model that has had too many questions, which uses up no try of the row.
    private static Reply.Failure tooMany(String reason, Optional<Duration> wait) {
        return new Reply.Failure(reason, RetryOn.forStatus(429), OptionalInt.empty(), wait, false);
    }

    @Override
    public void asked(Model model, Reply reply) {
        var spending =
                switch (reply) {
                    case Reply.Answer answer -> model.spending(answer.tokens());
                    case Reply.Failure _ -> Spending.NONE;
                };
        long failures = reply instanceof Reply.Failure ? 1 : 0;
        var use = new ModelUse(model.name(), 1, failures, spending);
        uses.merge(model.name(), use, ModelUse::plus);
    }

    /// By model, so far.
    List<ModelUse> uses() {
        return List.copyOf(uses.values());
    }
}
