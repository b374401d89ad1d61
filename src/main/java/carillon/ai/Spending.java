package carillon.ai;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalLong;

/// What questions to models took: tokens, absent when the provider did not count them, and money in
/// nanodollars (thousand-millionths of a dollar), absent when the model has no prices.
public record Spending(Optional<Tokens> tokens, OptionalLong costNanodollars) {
    public static final Spending NONE = new Spending(Optional.empty(), OptionalLong.empty());

    public Spending {
        requireNonNull(tokens, "tokens");
        requireNonNull(costNanodollars, "costNanodollars");
        if (costNanodollars.isPresent() && costNanodollars.getAsLong() < 0) {
            throw new IllegalArgumentException("a cost of at least 0: " + costNanodollars);
        }
    }

    /// Both together; what only one of them knows is taken from that one.
    public Spending plus(Spending other) {
        return new Spending(sum(tokens, other.tokens), sum(costNanodollars, other.costNanodollars));
    }

    private static Optional<Tokens> sum(Optional<Tokens> one, Optional<Tokens> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return Optional.of(
                new Tokens(
                        one.get().input() + other.get().input(),
                        one.get().output() + other.get().output()));
    }

    private static OptionalLong sum(OptionalLong one, OptionalLong other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isPresent() ? one : other;
        }
        return OptionalLong.of(one.getAsLong() + other.getAsLong());
    }
}
