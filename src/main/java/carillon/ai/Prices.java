package carillon.ai;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// What a model costs, in dollars for a million tokens; each price from 0 to [#MAX].
public record Prices(BigDecimal input, BigDecimal output) {
    public static final BigDecimal MAX = new BigDecimal(1_000_000);
    public static final Prices FREE = new Prices(BigDecimal.ZERO, BigDecimal.ZERO);

    private static final BigDecimal NANODOLLARS_PER_DOLLAR_PER_MILLION = new BigDecimal(1_000);

    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    public Prices {
        requireNonNull(input, "input");
        requireNonNull(output, "output");
        if (input.signum() < 0 || output.signum() < 0) {
            throw new IllegalArgumentException("prices of at least 0: " + input + ", " + output);
        }
    }

    /// Whether a model with these prices costs nothing, whatever it is asked.
    public boolean areFree() {
        return input.signum() == 0 && output.signum() == 0;
    }

    Prices halved() {
        return new Prices(input.divide(TWO), output.divide(TWO));
    }

    /// In thousand-millionths of a dollar, rounded up.
    public long costNanodollars(Tokens tokens) {
        var cost =
                input.multiply(BigDecimal.valueOf(tokens.input()))
                        .add(output.multiply(BigDecimal.valueOf(tokens.output())));
        return cost.multiply(NANODOLLARS_PER_DOLLAR_PER_MILLION)
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }
}
