package carillon.task;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.ZoneId;

/// How much money may be spent in each period: `limit` in dollars, at least 0. Periods begin at
/// midnight in `zone`; weeks on Monday.
public record Budget(BigDecimal limit, Period period, ZoneId zone, OnExhausted onExhausted) {
    public enum Period {
        DAY,
        WEEK,
        MONTH
    }

    /// What becomes of a run that the rest of the budget does not pay for.
    public enum OnExhausted {
        SKIP,
        /// It waits for the next period.
        WAIT,
        /// It asks a cheaper one of the model's fallbacks.
        CHEAPER
    }

    public Budget {
        requireNonNull(limit, "limit");
        requireNonNull(period, "period");
        requireNonNull(zone, "zone");
        requireNonNull(onExhausted, "onExhausted");
        if (limit.signum() < 0) {
            throw new IllegalArgumentException("a budget of at least 0: " + limit);
        }
    }
}
