package carillon.ai;

/// How long a question and its answer are, in the model's own measure.
public record Tokens(long input, long output) {
    private static final int CHARACTERS_PER_TOKEN = 4;

    public Tokens {
        if (input < 0 || output < 0) {
            throw new IllegalArgumentException("at least 0 tokens: " + input + ", " + output);
        }
    }

    /// A rough length for a text that no model has measured: a token for every four characters.
    public static long estimate(String text) {
        return Math.ceilDiv((long) text.length(), CHARACTERS_PER_TOKEN);
    }

    public long total() {
        return input + output;
    }
}
