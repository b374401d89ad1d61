package carillon.budget;

/// How a purse stands, in nanodollars: `spent` is what calls have cost, or may have; `reserved` is
/// what calls under way may cost at most.
public record Standing(long spent, long reserved) {
    /// Beyond all limits; what providers say of their tokens can be anything.
    private static final long MOST = Long.MAX_VALUE / 4;

    public static final Standing UNTOUCHED = new Standing(0, 0);

    /// At least 0.
    public long left(long limit) {
        return Math.max(0, limit - spent - reserved);
    }

    boolean fits(long amount, long limit) {
        return amount == 0 || amount <= limit - spent - reserved;
    }

    /// Whether the money would be there if the calls under way cost nothing.
    boolean couldFit(long amount, long limit) {
        return amount <= limit - spent;
    }

    public Standing reserving(long amount) {
        return new Standing(spent, reserved + amount);
    }

    public Standing settling(long amount, long cost) {
        return new Standing(Math.min(spent + Math.min(cost, MOST), MOST), reserved - amount);
    }
}
