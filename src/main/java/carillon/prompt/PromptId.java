package carillon.prompt;

/// Identifies a prompt; positive, below 2^53, growing with time.
public record PromptId(long value) {
    public PromptId {
        if (value < 1) {
            throw new IllegalArgumentException("prompt ids start at 1: " + value);
        }
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
