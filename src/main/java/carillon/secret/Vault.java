package carillon.secret;

import static java.util.Objects.requireNonNull;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Seals with AES-256-GCM, the row as associated data. The key is 32 bytes in Base64: given by the
/// administrator, or in a file that is made at the first start. It has to be the same on all nodes.
public final class Vault implements Seal {
    /// What sealed texts begin with; no JSON does.
    private static final String MARK = "sealed:1:";

    private static final int KEY_LENGTH = 32;
    private static final String CANARY = "carillon";
    private static final String CANARY_ROW = "canary";

    private final Path file;
    private final Optional<String> given;
    private final RandomGenerator dice;
    private volatile Optional<Aead> aead = Optional.empty();

    /// `given` comes before what `file` says; `dice` must be fit for secrets.
    public Vault(Path file, Optional<String> given, RandomGenerator dice) {
        this.file = requireNonNull(file, "file");
        this.given = requireNonNull(given, "given");
        this.dice = requireNonNull(dice, "dice");
    }

    static boolean isSealed(String text) {
        return text.startsWith(MARK);
    }

    /// Finds the key, or makes one for a database that has no secrets yet, and makes sure that it
    /// is the right one. Throws [SecretException] when it is not.
    public void unlock(CanaryStore canaries) {
        var known = given.isPresent() ? given : read();
        var canary = canaries.find();
        if (canary.isPresent()) {
            var key = known.orElseThrow(this::keyIsMissing);
            aead = Optional.of(aead(key));
            requireRight(canary.get());
            return;
        }
        aead = Optional.of(aead(known.orElseGet(this::make)));
        try {
            requireRight(canaries.keep(seal(CANARY, CANARY_ROW)));
        } catch (SecretException e) {
            if (known.isEmpty()) {
                forget(); // Another node was first, and its key is the one.
            }
            throw e;
        }
    }

    private Optional<String> read() {
        try {
            return Files.exists(file)
                    ? Optional.of(Files.readString(file).strip())
                    : Optional.empty();
        } catch (IOException e) {
            throw new SecretException("the key in " + file + " cannot be read", e);
        }
    }

    /// On disk before anything is encrypted with it.
    private String make() {
        var bytes = new byte[KEY_LENGTH];
        dice.nextBytes(bytes);
        var text = Base64.getEncoder().encodeToString(bytes);
        try {
            OwnerFile.write(file, text);
        } catch (IOException e) {
            throw new SecretException("a key for stored secrets cannot be written to " + file, e);
        }
        return text;
    }

    private void forget() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new SecretException("delete " + file + ": another node made the key", e);
        }
    }

    private Aead aead(String key) {
        try {
            var bytes = Base64.getDecoder().decode(key);
            if (bytes.length == KEY_LENGTH) {
                return new AesGcmJce(bytes);
            }
        } catch (IllegalArgumentException _) {
            // Told below, without the text.
        } catch (GeneralSecurityException e) {
            throw new SecretException("this Java has no AES-256-GCM", e);
        }
        throw new SecretException(
                place() + " must hold 32 bytes in Base64, as openssl rand -base64 32 makes them");
    }

    private String place() {
        return given.isPresent() ? "CARILLON_SECRET_KEY" : file.toString();
    }

    private void requireRight(String canary) {
        try {
            if (open(canary, CANARY_ROW).equals(CANARY)) {
                return;
            }
        } catch (SecretException _) {
            // Told below, with what to do.
        }
        throw new SecretException(
                place()
                        + " is not the key that the secrets in the database are encrypted with:"
                        + " copy secret.key from another node or from a backup to "
                        + file
                        + ", or set CARILLON_SECRET_KEY to what it holds");
    }

    private SecretException keyIsMissing() {
        return new SecretException(
                "the secrets in the database are encrypted, and this node has no key: copy"
                        + " secret.key from another node or from a backup to "
                        + file
                        + ", or set CARILLON_SECRET_KEY to what it holds");
    }

    private Aead aead() {
        return aead.orElseThrow(() -> new IllegalStateException("not unlocked yet"));
    }

    @Override
    public String seal(String text, String row) {
        try {
            var sealed = aead().encrypt(text.getBytes(StandardCharsets.UTF_8), bytes(row));
            return MARK + Base64.getEncoder().encodeToString(sealed);
        } catch (GeneralSecurityException e) {
            throw new SecretException("encrypting " + row, e);
        }
    }

    @Override
    public String open(String text, String row) {
        if (!isSealed(text)) {
            return text;
        }
        try {
            var sealed = Base64.getDecoder().decode(text.substring(MARK.length()));
            return new String(aead().decrypt(sealed, bytes(row)), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new SecretException(
                    row + " cannot be decrypted: it was changed, or moved here from elsewhere", e);
        }
    }

    private static byte[] bytes(String row) {
        return row.getBytes(StandardCharsets.UTF_8);
    }
}
