package carillon.auth;

import carillon.web.Authenticator;
import carillon.web.Permission;
import carillon.web.Principal;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.password4j.BcryptFunction;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Users with passwords, known by their bcrypt hashes, as HTTP Basic shows them (RFC 7617). A right
/// password is remembered for a minute, as a keyed digest, so that bcrypt does not cost every
/// request; a wrong one never is.
public final class Users implements Authenticator {
    private static final Pattern BCRYPT =
            Pattern.compile("\\$2[aby]\\$(0[4-9]|1[0-6])\\$[./A-Za-z0-9]{53}");
    private static final String HMAC = "HmacSHA256";
    private static final Duration REMEMBERED = Duration.ofMinutes(1);
    private static final int MAX_REMEMBERED = 1_000;

    /// bcrypt looks at no more; a longer password would be cut in silence.
    private static final int MAX_PASSWORD_BYTES = 72;

    private final Map<String, String> hashes;
    private final String hashOfNobody;
    private final SecretKeySpec secret;
    private final Semaphore checks = new Semaphore(2);
    private final Cache<String, Principal> remembered =
            Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).expireAfterWrite(REMEMBERED).build();

    /// `hashes` are bcrypt hashes by name. `dice` must be fit for secrets. Throws
    /// [IllegalArgumentException], naming the user, for anything but a bcrypt hash with a cost from
    /// 4 to 16.
    public Users(Map<String, String> hashes, RandomGenerator dice) {
        this.hashes = Map.copyOf(hashes);
        if (hashes.isEmpty()) {
            throw new IllegalArgumentException("there must be at least one user");
        }
        this.hashes.forEach(Users::requireBcrypt);
        this.hashOfNobody = this.hashes.values().iterator().next();
        byte[] random = new byte[32];
        dice.nextBytes(random);
        this.secret = new SecretKeySpec(random, HMAC);
    }

    private static void requireBcrypt(String name, String hash) {
        if (name.isEmpty() || name.contains(":")) {
            throw new IllegalArgumentException("not a user's name: \"" + name + "\"");
        }
        if (!BCRYPT.matcher(hash).matches()) {
            throw new IllegalArgumentException("not a bcrypt hash: that of user " + name);
        }
    }

    @Override
    public Optional<Principal> remembered(String credential) {
        return Optional.ofNullable(remembered.getIfPresent(digest(credential)));
    }

    @Override
    public Optional<Principal> authenticate(String credential) {
        var user = nameAndPassword(credential).flatMap(this::check);
        user.ifPresent(principal -> remembered.put(digest(credential), principal));
        return user;
    }

    /// Does the same work for a user that does not exist.
    private Optional<Principal> check(NameAndPassword shown) {
        var hash = Optional.ofNullable(hashes.get(shown.name()));
        boolean right = matches(shown.password(), hash.orElse(hashOfNobody));
        return right && hash.isPresent()
                ? Optional.of(new Principal(shown.name(), Permission.ADMINISTER))
                : Optional.empty();
    }

    private boolean matches(String password, String hash) {
        if (password.getBytes(StandardCharsets.UTF_8).length > MAX_PASSWORD_BYTES) {
            return false;
        }
        checks.acquireUninterruptibly();
        try {
            return BcryptFunction.getInstanceFromHash(hash).check(password, hash);
        } finally {
            checks.release();
        }
    }

    private record NameAndPassword(String name, String password) {}

    private static Optional<NameAndPassword> nameAndPassword(String credential) {
        try {
            byte[] bytes = Base64.getDecoder().decode(credential);
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            var parts = text.toString().split(":", 2);
            return parts.length == 2
                    ? Optional.of(new NameAndPassword(parts[0], parts[1]))
                    : Optional.empty();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty(); // Not Base64, or not UTF-8: nobody's credential.
        }
    }

    private String digest(String credential) {
        try {
            var mac = Mac.getInstance(HMAC);
            mac.init(secret);
            byte[] digest = mac.doFinal(credential.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }
}
