package carillon.ai;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// On what terms a model may be used: what it costs, where that is known, and how much of it there
/// is for us.
public record Terms(Optional<Prices> prices, Limits limits) {
    public static final Terms UNKNOWN = new Terms(Optional.empty(), Limits.NONE);

    public Terms {
        requireNonNull(prices, "prices");
        requireNonNull(limits, "limits");
    }
}
