package carillon.budget;

import carillon.budget.Cashier.Grant;
import carillon.budget.Verdict.Shortfall;
import carillon.task.Budget.OnExhausted;
import java.util.Comparator;
import java.util.List;

/// What becomes of a call for which there is no money, and the words for it. Where several budgets
/// are used up, the strictest decides: skip before wait before cheaper.
final class Refusals {
    private Refusals() {}

    static Grant of(String model, List<Shortfall> shortfalls) {
        var skipping = saying(OnExhausted.SKIP, shortfalls);
        if (!skipping.isEmpty()) {
            return new Grant.Never(words(model, skipping.getFirst()));
        }
        var waiting = saying(OnExhausted.WAIT, shortfalls);
        if (!waiting.isEmpty()) {
            return later(model, waiting);
        }
        return new Grant.Cheaper(words(model, shortfalls.getFirst()));
    }

    private static List<Shortfall> saying(OnExhausted wanted, List<Shortfall> shortfalls) {
        return shortfalls.stream()
                .filter(shortfall -> shortfall.purse().terms().onExhausted() == wanted)
                .toList();
    }

    /// Waits for the last of the resets, unless no reset can help.
    private static Grant later(String model, List<Shortfall> waiting) {
        var hopeless = waiting.stream().filter(Shortfall::isHopeless).findFirst();
        if (hopeless.isPresent()) {
            return new Grant.Never(words(model, hopeless.get()));
        }
        var last =
                waiting.stream()
                        .max(Comparator.comparing(one -> one.purse().span().end()))
                        .orElseThrow();
        return new Grant.Later("waiting: " + words(model, last), last.purse().span().end());
    }

    private static String words(String model, Shortfall shortfall) {
        var purse = shortfall.purse();
        var standing = shortfall.standing();
        var call = "a call of model '" + model + "' may cost " + Money.words(shortfall.amount());
        if (shortfall.isHopeless()) {
            return purse.words() + ", is too small: " + call;
        }
        var reserved =
                standing.reserved() == 0
                        ? ""
                        : " and " + Money.words(standing.reserved()) + " reserved";
        return purse.words()
                + ", is used up: "
                + Money.words(standing.spent())
                + " are spent"
                + reserved
                + ", and "
                + call
                + "; it resets at "
                + purse.span().end();
    }
}
