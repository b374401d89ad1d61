package carillon.auth;

import carillon.secret.OwnerFile;
import carillon.web.Permission;
import carillon.web.Principal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The administrator's key. It is made on the first start and stands in a file that only the
/// server's user can read; in memory there is its digest.
public final class AdminKey implements KeyRing {
    private static final Principal ADMIN = new Principal("admin", Permission.ADMINISTER);

    private static final String MARK = "admin:";

    private final byte[] digest;

    private AdminKey(String text) {
        this.digest = KeyText.sha256(text);
    }

    /// The key, and its text where it has just been made, to be shown this once.
    public record Opened(AdminKey key, Optional<String> fresh) {}

    /// Reads the key from `file`, or makes one and writes it there, readable by this user only.
    /// `dice` must be fit for secrets. Throws [UncheckedIOException] when the file cannot be read
    /// or written, and [IllegalStateException] when it holds no key.
    public static Opened open(Path file, RandomGenerator dice) {
        try {
            if (Files.exists(file)) {
                return new Opened(new AdminKey(read(file)), Optional.empty());
            }
            var text = KeyText.fresh(dice);
            OwnerFile.write(file, text);
            return new Opened(new AdminKey(text), Optional.of(text));
        } catch (IOException e) {
            throw new UncheckedIOException("the administrator's key in " + file, e);
        }
    }

    private static String read(Path file) throws IOException {
        var text = Files.readString(file).strip();
        if (!KeyText.isWellFormed(text)) {
            throw new IllegalStateException(
                    file + " holds no key of the form car_…; delete it to have a new one made");
        }
        return text;
    }

    @Override
    public Optional<Principal> authenticate(String credential) {
        boolean same = MessageDigest.isEqual(digest, KeyText.sha256(credential));
        return same ? Optional.of(ADMIN) : Optional.empty();
    }

    @Override
    public Optional<String> fingerprint(String key) {
        return authenticate(key).map(_ -> MARK + HexFormat.of().formatHex(digest));
    }

    @Override
    public Optional<Principal> recognise(String fingerprint) {
        var mine = MARK + HexFormat.of().formatHex(digest);
        return fingerprint.equals(mine) ? Optional.of(ADMIN) : Optional.empty();
    }
}
