package carillon.batch;

import carillon.ai.Spending;

/// What has been done and used so far. Tokens and money (in nanodollars) count what is known.
public record Totals(
        long succeeded, long failed, long inputTokens, long outputTokens, long costNanodollars) {
    public static final Totals NONE = new Totals(0, 0, 0, 0, 0);

    public Totals {
        if (Math.min(succeeded, failed) < 0 || costNanodollars < 0) {
            throw new IllegalArgumentException("counts of at least 0");
        }
    }

    public long rows() {
        return succeeded + failed;
    }

    Totals plus(boolean success, Spending spending) {
        return new Totals(
                succeeded + (success ? 1 : 0),
                failed + (success ? 0 : 1),
                inputTokens + spending.tokens().map(tokens -> tokens.input()).orElse(0L),
                outputTokens + spending.tokens().map(tokens -> tokens.output()).orElse(0L),
                costNanodollars + spending.costNanodollars().orElse(0));
    }
}
