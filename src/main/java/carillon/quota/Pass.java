package carillon.quota;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/// The right to make one call, and what was counted for it: `tokens` in the second of `since`. A
/// call that nothing is counted for has no `number`, which is 0.
public record Pass(Ask ask, long number, long tokens, Instant since) {
    public Pass {
        requireNonNull(ask, "ask");
        requireNonNull(since, "since");
    }

    public static Pass uncounted(Ask ask, Instant since) {
        return new Pass(ask, 0, 0, since);
    }

    public boolean isCounted() {
        return number != 0;
    }
}
