package carillon.quota;

import static java.util.Objects.requireNonNull;

import carillon.ai.Limits;
import java.time.Instant;
import java.util.Optional;

/// What an answer of a provider says of the quota: its limits, as far as it names them, and what is
/// left of them.
public record Told(Limits limits, Left requests, Left tokens) {
    public static final Told NOTHING = new Told(Limits.NONE, Left.UNKNOWN, Left.UNKNOWN);

    public Told {
        requireNonNull(limits, "limits");
        requireNonNull(requests, "requests");
        requireNonNull(tokens, "tokens");
    }

    /// When what is used up is there again, where something is.
    Optional<Instant> usedUpUntil(Instant now) {
        var until = Instant.MIN;
        if (requests.count() == 0 && requests.isKnown(now)) {
            until = requests.until();
        }
        if (tokens.count() == 0 && tokens.isKnown(now) && tokens.until().isAfter(until)) {
            until = tokens.until();
        }
        return until.equals(Instant.MIN) ? Optional.empty() : Optional.of(until);
    }
}
