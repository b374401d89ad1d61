package carillon.task;

/// Identifies a task; positive, below 2^53, growing with time.
public record TaskId(long value) {
    public TaskId {
        if (value < 1) {
            throw new IllegalArgumentException("task ids start at 1: " + value);
        }
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
