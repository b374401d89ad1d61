package carillon.batch;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// What an input was when it was first read: its size in bytes and a SHA-256 for each MiB of it, by
/// which a change is noticed before any row of the changed part is asked.
final class Blocks {
    static final int BLOCK = 1024 * 1024;

    private final List<byte[]> digests = new ArrayList<>();
    private long size;

    /// The next block in order; all but the last are whole.
    void add(byte[] block, int length) {
        digests.add(digest(block, length));
        size += length;
    }

    /// Whether the block at this place was the same.
    boolean has(int index, byte[] block, int length) {
        return index < digests.size() && Arrays.equals(digests.get(index), digest(block, length));
    }

    long size() {
        return size;
    }

    /// The same for the same bytes only.
    String fingerprint() {
        var whole = sha256();
        digests.forEach(whole::update);
        return HexFormat.of().formatHex(whole.digest());
    }

    private static byte[] digest(byte[] block, int length) {
        var digest = sha256();
        digest.update(block, 0, length);
        return digest.digest();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
