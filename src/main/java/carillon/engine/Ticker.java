package carillon.engine;

/// Tells how much time has passed, whatever is done to the clock meanwhile.
@FunctionalInterface
public interface Ticker {
    /// Nanoseconds since some moment; only what is between two of them means something.
    long nanos();
}
