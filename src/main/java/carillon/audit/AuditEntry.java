package carillon.audit;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.stream.Stream;

/// One change in the log. Ids follow each other without a gap; `hash` is the SHA-256, in hex, of
/// the hash of the entry before and of all that this one says.
public record AuditEntry(long id, Instant at, Actor actor, Change change, String hash) {
    /// What stands before the first entry of all.
    public static final String GENESIS = "0".repeat(64);

    public AuditEntry {
        requireNonNull(at, "at");
        requireNonNull(actor, "actor");
        requireNonNull(change, "change");
        requireNonNull(hash, "hash");
    }

    /// The entry that follows one with the hash `previous`. `at` counts in milliseconds.
    public static AuditEntry after(
            String previous, long id, Instant at, Actor actor, Change change) {
        return new AuditEntry(id, at, actor, change, hash(previous, id, at, actor, change));
    }

    /// Whether this is what was written after an entry with the hash `previous`.
    public boolean follows(String previous) {
        return hash.equals(hash(previous, id, at, actor, change));
    }

    /// Each text has its length before it, so that no two entries have the same bytes.
    private static String hash(String previous, long id, Instant at, Actor actor, Change change) {
        var bytes = new ByteArrayOutputStream(512);
        try (var out = new DataOutputStream(bytes)) {
            out.writeLong(id);
            out.writeLong(at.toEpochMilli());
            var texts =
                    Stream.of(
                            previous,
                            actor.name(),
                            actor.address(),
                            actor.api(),
                            actor.request(),
                            change.action(),
                            change.kind(),
                            change.target(),
                            change.name(),
                            change.detail());
            for (var text : (Iterable<String>) texts::iterator) {
                var encoded = text.getBytes(StandardCharsets.UTF_8);
                out.writeInt(encoded.length);
                out.write(encoded);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory cannot fail", e);
        }
        return HexFormat.of().formatHex(sha256().digest(bytes.toByteArray()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
