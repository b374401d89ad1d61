package carillon.perform;

import carillon.ai.Model;
import carillon.budget.Cashier;
import carillon.budget.Cashier.Grant;
import carillon.budget.Cashier.Receipt;
import carillon.run.Lease;
import carillon.run.Outcome;
import carillon.task.RetryOn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Asks for the money for the questions of one attempt, and remembers why there was none.
final class Payment {
    private final Cashier cashier;
    private final Lease lease;
    private final List<String> tooDear = new ArrayList<>();
    private final List<String> unpriced = new ArrayList<>();
    private Optional<Outcome> end = Optional.empty();

    Payment(Cashier cashier, Lease lease) {
        this.cashier = cashier;
        this.lease = lease;
    }

    /// Empty when the model is not to be asked.
    Optional<Receipt> forQuestion(Model model, String text) {
        switch (cashier.reserve(lease, model, text)) {
            case Grant.Given(var receipt) -> {
                return Optional.of(receipt);
            }
            case Grant.Later(var reason, var until) ->
                    end = Optional.of(new Outcome.Postponed(reason, until));
            case Grant.Never(var reason) -> end = Optional.of(new Outcome.Skipped(reason));
            case Grant.Cheaper(var reason) -> tooDear.add(reason);
            case Grant.Unpriced(var reason) -> unpriced.add(reason);
        }
        return Optional.empty();
    }

    /// Whether no other model is to be asked either.
    boolean isOver() {
        return end.isPresent();
    }

    /// What becomes of an attempt that has asked no model; empty when that was not for the money.
    Optional<Outcome> end() {
        if (end.isPresent()) {
            return end;
        }
        if (!tooDear.isEmpty()) {
            return Optional.of(new Outcome.Skipped(String.join("; ", tooDear)));
        }
        return unpriced.isEmpty()
                ? Optional.empty()
                : Optional.of(Outcome.Failed.of(String.join("; ", unpriced), RetryOn.OTHER));
    }
}
