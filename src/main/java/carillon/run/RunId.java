package carillon.run;

/// Identifies a run; positive, below 2^53, growing with time.
public record RunId(long value) {
    public RunId {
        if (value < 1) {
            throw new IllegalArgumentException("run ids start at 1: " + value);
        }
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
