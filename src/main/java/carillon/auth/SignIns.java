package carillon.auth;

import static java.util.Objects.requireNonNull;

import carillon.web.Authenticator;
import carillon.web.Principal;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Sign-ins of browsers. One is begun with a key, and is worth what the key is worth when it is
/// used: a revoked or expired key ends it. The browser has a token that says nothing; the store has
/// a digest of it. What the store says is remembered for as long as keys are, so that a sign-out is
/// known on all nodes after that.
public final class SignIns implements Authenticator {
    /// How long a sign-in lasts.
    public static final Duration LASTS = Duration.ofHours(12);

    private static final int TOKEN_BYTES = 32;
    private static final String TOKEN = "[A-Za-z0-9_-]{43}";
    private static final int MAX_REMEMBERED = 10_000;

    private final SignInStore store;
    private final List<KeyRing> rings;
    private final RandomGenerator dice;
    private final InstantSource time;
    private final Cache<String, Optional<SignIn>> remembered =
            Caffeine.newBuilder()
                    .maximumSize(MAX_REMEMBERED)
                    .expireAfterWrite(Keys.REMEMBERED)
                    .build();

    /// `dice` must be fit for secrets.
    public SignIns(
            SignInStore store, List<KeyRing> rings, RandomGenerator dice, InstantSource time) {
        this.store = requireNonNull(store, "store");
        this.rings = List.copyOf(rings);
        this.dice = requireNonNull(dice, "dice");
        this.time = requireNonNull(time, "time");
    }

    /// Who a valid key belongs to; empty when it is not valid.
    public Optional<Principal> owner(String key) {
        return rings.stream().flatMap(ring -> ring.authenticate(key).stream()).findFirst();
    }

    /// Begins a sign-in with the key and returns its token, which cannot be had again; empty when
    /// the key is not valid.
    public Optional<String> begin(String key) {
        var owner = owner(key);
        var fingerprint =
                rings.stream().flatMap(ring -> ring.fingerprint(key).stream()).findFirst();
        if (owner.isEmpty() || fingerprint.isEmpty()) {
            return Optional.empty();
        }
        byte[] random = new byte[TOKEN_BYTES];
        dice.nextBytes(random);
        var token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        var now = time.instant().truncatedTo(ChronoUnit.MILLIS);
        store.begin(
                new SignIn(
                        digest(token),
                        fingerprint.get(),
                        owner.get().name(),
                        now,
                        now.plus(LASTS)));
        return Optional.of(token);
    }

    /// Ends a sign-in; one that there is not has ended.
    public void end(String token) {
        var digest = digest(token);
        store.end(digest);
        remembered.invalidate(digest);
    }

    @Override
    public Optional<Principal> authenticate(String token) {
        if (!token.matches(TOKEN)) {
            return Optional.empty();
        }
        var now = time.instant();
        return remembered
                .get(digest(token), store::find)
                .filter(signIn -> now.isBefore(signIn.until()))
                .flatMap(this::owner);
    }

    private Optional<Principal> owner(SignIn signIn) {
        return rings.stream()
                .flatMap(ring -> ring.recognise(signIn.fingerprint()).stream())
                .findFirst();
    }

    /// Forgets at most `limit` sign-ins that are over; returns how many.
    public int forget(Instant now, int limit) {
        return store.forget(now, limit);
    }

    /// A token is as random as a key: its plain digest leads nobody back.
    private static String digest(String token) {
        return HexFormat.of().formatHex(KeyText.sha256(token));
    }
}
