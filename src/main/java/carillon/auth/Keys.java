package carillon.auth;

import static java.util.Objects.requireNonNull;

import carillon.web.Principal;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// API keys that administrators make and revoke. A key's text is shown when it is made and is kept
/// nowhere; the store has its HMAC. What the store says is remembered for [#REMEMBERED], so that a
/// revoked key opens nothing after that on any node, and at once on the one that revoked it.
public final class Keys implements KeyRing {
    static final Duration REMEMBERED = Duration.ofSeconds(3);

    private static final String HMAC = "HmacSHA256";
    private static final String MARK = "key:";
    private static final int SECRET_BYTES = 32;
    private static final int MAX_REMEMBERED = 10_000;

    private final KeyStore store;
    private final RandomGenerator dice;
    private final InstantSource time;
    private final SecretKeySpec secret;
    private final Cache<String, Optional<Key>> remembered;
    private final Map<Long, Instant> lastUses = new ConcurrentHashMap<>();

    /// What a key is to be. `by` is the name of who asks for it.
    public record Wanted(
            String name, Role role, Set<String> scopes, Optional<Instant> expiresAt, String by) {
        public Wanted {
            requireNonNull(name, "name");
            requireNonNull(role, "role");
            scopes = Set.copyOf(scopes);
            requireNonNull(expiresAt, "expiresAt");
            requireNonNull(by, "by");
        }
    }

    /// What became of the wish for a key.
    public sealed interface Created {
        /// `text` is the key itself, which cannot be had again.
        record Done(Key key, String text) implements Created {}

        record NameTaken() implements Created {}
    }

    /// `dice` must be fit for secrets.
    public Keys(KeyStore store, RandomGenerator dice, InstantSource time) {
        this(store, dice, time, Ticker.systemTicker());
    }

    Keys(KeyStore store, RandomGenerator dice, InstantSource time, Ticker ticker) {
        this.store = store;
        this.dice = dice;
        this.time = time;
        byte[] proposed = new byte[SECRET_BYTES];
        dice.nextBytes(proposed);
        var kept = store.secret(HexFormat.of().formatHex(proposed));
        this.secret = new SecretKeySpec(HexFormat.of().parseHex(kept), HMAC);
        this.remembered =
                Caffeine.newBuilder()
                        .maximumSize(MAX_REMEMBERED)
                        .expireAfterWrite(REMEMBERED)
                        .ticker(ticker)
                        .build();
    }

    public Created create(Wanted wanted) {
        var text = KeyText.fresh(dice);
        var key =
                new Key(
                        store.newId(),
                        wanted.name(),
                        wanted.role(),
                        wanted.scopes(),
                        Instant.ofEpochMilli(time.millis()),
                        wanted.by(),
                        wanted.expiresAt(),
                        Optional.empty());
        var digest = digest(text);
        if (!store.add(key, digest)) {
            return new Created.NameTaken();
        }
        return new Created.Done(key, text);
    }

    /// At most `limit` keys with ids below `before`, the newest first; those that have expired are
    /// among them.
    public List<Key> list(OptionalLong before, int limit) {
        return store.list(before, limit);
    }

    /// Returns false when there is no such key.
    public boolean revoke(long id) {
        boolean revoked = store.revoke(id);
        remembered.invalidateAll(); // Revoking is rare, and reading again is cheap.
        lastUses.remove(id);
        return revoked;
    }

    @Override
    public Optional<Principal> authenticate(String credential) {
        if (!KeyText.isWellFormed(credential)) {
            return Optional.empty();
        }
        return valid(digest(credential));
    }

    @Override
    public Optional<String> fingerprint(String key) {
        return authenticate(key).map(_ -> MARK + digest(key));
    }

    @Override
    public Optional<Principal> recognise(String fingerprint) {
        return fingerprint.startsWith(MARK)
                ? valid(fingerprint.substring(MARK.length()))
                : Optional.empty();
    }

    private Optional<Principal> valid(String digest) {
        var now = time.instant();
        // Found by an HMAC that nobody without the secret can steer: how long the look-up takes
        // tells nothing about the keys that there are.
        var found = remembered.get(digest, store::find);
        var valid = found.filter(key -> !key.isExpired(now));
        valid.ifPresent(key -> lastUses.merge(key.id(), now, Keys::later));
        return valid.map(Keys::principal);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Principal principal(Key key) {
        return new Principal("key:" + key.name(), key.role().permission(), key.scopes());
    }

    /// Writes when keys were last used, all in one; to be called now and then.
    public void writeLastUses() {
        var batch = Map.copyOf(lastUses);
        if (!batch.isEmpty()) {
            store.used(batch);
            batch.forEach(lastUses::remove);
        }
    }

    private String digest(String text) {
        try {
            var mac = Mac.getInstance(HMAC);
            mac.init(secret);
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }
}
