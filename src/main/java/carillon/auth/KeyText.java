package carillon.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.random.RandomGenerator;

/// An API key as text: `car_`, 32 random bytes, and a checksum, so that scanners for leaked secrets
/// can tell a key from chance, and a key with a letter amiss is known as such.
final class KeyText {
    private static final String PREFIX = "car_";
    private static final int RANDOM_BYTES = 32;
    private static final int RANDOM_LENGTH = 43;
    private static final int CHECKSUM_LENGTH = 6;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private KeyText() {}

    static String fresh(RandomGenerator dice) {
        byte[] random = new byte[RANDOM_BYTES];
        dice.nextBytes(random);
        var text = PREFIX + ENCODER.encodeToString(random);
        return text + checksum(text);
    }

    /// Whether the text has the form of a key; says nothing about whose it is.
    static boolean isWellFormed(String text) {
        int body = PREFIX.length() + RANDOM_LENGTH;
        return text.length() == body + CHECKSUM_LENGTH
                && text.startsWith(PREFIX)
                && text.substring(body).equals(checksum(text.substring(0, body)));
    }

    private static String checksum(String text) {
        return ENCODER.encodeToString(Arrays.copyOf(sha256(text), 4));
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
