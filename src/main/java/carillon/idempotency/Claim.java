package carillon.idempotency;

import java.time.Instant;

/// What a store says to a request that wants its key for itself.
public sealed interface Claim {
    /// The key was free and is this request's now: it is to be carried out.
    record Granted() implements Claim {}

    /// The request has been carried out already.
    record Answered(KeptAnswer answer) implements Claim {}

    /// The key belongs to a request with another fingerprint.
    record OtherRequest() implements Claim {}

    /// The same request took the key at `since` and has left no answer: it is under way, or broke
    /// off.
    record Open(Instant since) implements Claim {}
}
