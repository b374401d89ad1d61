package carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.web.Permission;
import carillon.web.Principal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Keys over a store in memory that two nodes share.
final class KeysTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    private final Kept store = new Kept();
    private Instant now = NOON;
    private final Keys keys = node();
    private final Keys other = node();

    private Keys node() {
        return new Keys(
                store, new SecureRandom(), () -> now, () -> Duration.between(NOON, now).toNanos());
    }

    /// What a store does, counted.
    private static final class Kept implements KeyStore {
        final Map<String, Key> byDigest = new HashMap<>();
        final List<Map<Long, Instant>> uses = new ArrayList<>();
        Optional<String> secret = Optional.empty();
        int found;

        @Override
        public long newId() {
            return byDigest.size() + 1L;
        }

        @Override
        public String secret(String proposed) {
            secret = secret.or(() -> Optional.of(proposed));
            return secret.orElseThrow();
        }

        @Override
        public boolean add(Key key, String digest) {
            return byDigest.putIfAbsent(digest, key) == null;
        }

        @Override
        public Optional<Key> find(String digest) {
            found++;
            return Optional.ofNullable(byDigest.get(digest));
        }

        @Override
        public List<Key> list(OptionalLong before, int limit) {
            return List.copyOf(byDigest.values());
        }

        @Override
        public boolean revoke(long id) {
            return byDigest.values().removeIf(key -> key.id() == id);
        }

        @Override
        public void used(Map<Long, Instant> lastUses) {
            uses.add(lastUses);
        }
    }

    private Keys.Created.Done made(Role role, Set<String> scopes, Optional<Instant> expiresAt) {
        var wanted = new Keys.Wanted("ci", role, scopes, expiresAt, "admin");
        if (keys.create(wanted) instanceof Keys.Created.Done done) {
            return done;
        }
        throw new AssertionError("the name is free");
    }

    private Keys.Created.Done made() {
        return made(Role.EDITOR, Set.of(), Optional.empty());
    }

    @Test
    void a_key_opens_what_its_role_and_scopes_say_on_every_node() {
        var text = made(Role.OPERATOR, Set.of("a1base"), Optional.empty()).text();

        assertThat(text).startsWith("car_");
        var principal = new Principal("key:ci", Permission.OPERATE, Set.of("a1base"));
        assertThat(keys.authenticate(text)).hasValue(principal);
        assertThat(other.authenticate(text)).hasValue(principal);
    }

    @Test
    void neither_the_text_nor_a_plain_hash_of_it_is_stored() {
        var text = made().text();

        var digest = store.byDigest.keySet().iterator().next();
        assertThat(digest).hasSize(64).doesNotContain(text);
        var plain = java.util.HexFormat.of().formatHex(KeyText.sha256(text));
        assertThat(digest).isNotEqualTo(plain);
        assertThat(store.byDigest.values().toString()).doesNotContain(text);
    }

    @Test
    void what_has_not_the_form_of_a_key_is_not_looked_for() {
        var text = made().text();

        assertThat(keys.authenticate("")).isEmpty();
        assertThat(keys.authenticate(text + "x")).isEmpty();
        assertThat(keys.authenticate(text.substring(0, text.length() - 1) + "~")).isEmpty();
        assertThat(store.found).isZero();
        assertThat(keys.authenticate(KeyText.fresh(new SecureRandom()))).isEmpty();
        assertThat(store.found).isOne();
    }

    @Test
    void a_revoked_key_opens_nothing_here_at_once_and_elsewhere_within_five_seconds() {
        var done = made();
        assertThat(keys.authenticate(done.text())).isPresent();
        assertThat(other.authenticate(done.text())).isPresent();

        assertThat(keys.revoke(done.key().id())).isTrue();

        assertThat(keys.authenticate(done.text())).isEmpty();
        now = now.plusSeconds(4);
        assertThat(other.authenticate(done.text())).isEmpty();
    }

    @Test
    void a_key_opens_nothing_from_its_expiry_on_even_while_it_is_remembered() {
        var text = made(Role.ADMIN, Set.of(), Optional.of(NOON.plusSeconds(1))).text();

        assertThat(keys.authenticate(text)).isPresent();
        now = NOON.plusSeconds(1);
        assertThat(keys.authenticate(text)).isEmpty();
        assertThat(store.found).isOne();
    }

    @Test
    void many_uses_are_one_look_up_and_one_write() {
        var done = made();
        for (int i = 0; i < 100; i++) {
            now = now.plusMillis(10);
            assertThat(keys.authenticate(done.text())).isPresent();
        }
        assertThat(store.found).isOne();
        assertThat(store.uses).isEmpty();

        keys.writeLastUses();
        keys.writeLastUses();

        assertThat(store.uses).containsExactly(Map.of(done.key().id(), now));
    }
}
