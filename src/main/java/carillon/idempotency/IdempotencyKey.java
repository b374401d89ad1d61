package carillon.idempotency;

/// The text that a client gave a request, which is its own: two principals may use the same one.
public record IdempotencyKey(String principal, String text) {
    public static final int MAX_LENGTH = 255;

    public IdempotencyKey {
        if (principal.isEmpty() || !isProper(text)) {
            throw new IllegalArgumentException("not an idempotency key of a principal");
        }
    }

    /// Whether a text can be a key: 1 to [#MAX_LENGTH] visible ASCII characters.
    public static boolean isProper(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_LENGTH
                && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
