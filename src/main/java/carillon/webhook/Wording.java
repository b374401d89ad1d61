package carillon.webhook;

/// How one API puts occurrences.
public interface Wording {
    /// The body of a delivery: `{"type","timestamp","data"}` in JSON.
    String body(Occurrence occurrence);
}
