package carillon.budget;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/// What a task is expected to cost from `from` to `to`, and how that compares with the budgets that
/// it falls under.
public record Forecast(
        Instant from,
        Instant to,
        Fires fires,
        CostPerRun costPerRun,
        List<Comparison> comparisons) {
    public Forecast {
        requireNonNull(from, "from");
        requireNonNull(to, "to");
        requireNonNull(fires, "fires");
        requireNonNull(costPerRun, "costPerRun");
        comparisons = List.copyOf(comparisons);
    }

    /// How often the schedule starts a run; `exact` says whether they were all counted, or what was
    /// counted of a very frequent schedule was taken for the rest of the time too.
    public record Fires(long count, boolean exact) {}

    /// What one run costs, in nanodollars, and how that is known.
    public sealed interface CostPerRun {
        /// The action asks no model that costs anything.
        record Nothing() implements CostPerRun {}

        /// The average of what so many of the task's latest answers have cost.
        record Average(long nanodollars, int answers) implements CostPerRun {}

        /// The question as long as it looks, and the longest answer that the model gives.
        record Estimate(String model, long nanodollars, long inputTokens, long outputTokens)
                implements CostPerRun {
            public Estimate {
                requireNonNull(model, "model");
            }
        }

        /// It cannot be told, for this reason.
        record Unknown(String why) implements CostPerRun {
            public Unknown {
                requireNonNull(why, "why");
            }
        }

        /// Empty when it cannot be told.
        default OptionalLong amount() {
            return switch (this) {
                case Nothing _ -> OptionalLong.of(0);
                case Average(long nanodollars, _) -> OptionalLong.of(nanodollars);
                case Estimate estimate -> OptionalLong.of(estimate.nanodollars());
                case Unknown _ -> OptionalLong.empty();
            };
        }
    }

    /// A budget that the task falls under, as it stands, and what the task is expected to cost in
    /// one of its periods, in nanodollars.
    public record Comparison(Budgets.Account account, long expected) {
        public Comparison {
            requireNonNull(account, "account");
        }

        /// Whether the task alone is expected to need more than the limit.
        public boolean isExceeded() {
            return expected > account.purse().limit();
        }
    }

    /// In nanodollars; empty when it cannot be told.
    public OptionalLong total() {
        var each = costPerRun.amount();
        return each.isEmpty() ? each : OptionalLong.of(product(each.getAsLong(), fires.count()));
    }

    /// As much as fits, for a sum that nobody could pay.
    static long product(long one, long other) {
        return Math.multiplyHigh(one, other) == 0 && one * other >= 0
                ? one * other
                : Long.MAX_VALUE;
    }
}
