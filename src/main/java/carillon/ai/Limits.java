package carillon.ai;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;

/// How much of a model may be used: requests and tokens in any minute, and calls at the same time;
/// each from 1 to [#MAX]. What is absent has no limit.
public record Limits(
        OptionalLong requestsPerMinute, OptionalLong tokensPerMinute, OptionalLong concurrent) {
    public static final long MAX = 1_000_000_000;

    public static final Limits NONE =
            new Limits(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    public Limits {
        check(requestsPerMinute, "requestsPerMinute");
        check(tokensPerMinute, "tokensPerMinute");
        check(concurrent, "concurrent");
    }

    private static void check(OptionalLong limit, String name) {
        requireNonNull(limit, name);
        if (limit.isPresent() && (limit.getAsLong() < 1 || limit.getAsLong() > MAX)) {
            throw new IllegalArgumentException(name + " from 1 to " + MAX + ": " + limit);
        }
    }

    public boolean isNone() {
        return equals(NONE);
    }

    /// Of each limit the lower one.
    public Limits and(Limits other) {
        return new Limits(
                lower(requestsPerMinute, other.requestsPerMinute),
                lower(tokensPerMinute, other.tokensPerMinute),
                lower(concurrent, other.concurrent));
    }

    private static OptionalLong lower(OptionalLong one, OptionalLong other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        return one.getAsLong() <= other.getAsLong() ? one : other;
    }
}
