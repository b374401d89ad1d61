package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.auth.Key;
import carillon.auth.KeyStore;
import carillon.auth.Role;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every key store must do, whatever the database under it.
abstract class KeyStoreContract extends StoreContract {
    private KeyStore keys;

    KeyStoreContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void open() {
        keys = stores().keys();
    }

    private Key key(String name) {
        return new Key(
                keys.newId(),
                name,
                Role.EDITOR,
                Set.of("native", "a1base"),
                NOON,
                "admin",
                Optional.of(NOON.plusSeconds(60)),
                Optional.empty());
    }

    @Test
    void a_key_is_found_by_its_digest_as_it_was_added() {
        var key = key("ci");
        var bare =
                new Key(
                        keys.newId(),
                        "bare",
                        Role.VIEWER,
                        Set.of(),
                        NOON,
                        "admin",
                        Optional.empty(),
                        Optional.empty());

        assertThat(keys.add(key, "d1")).isTrue();
        assertThat(keys.add(bare, "d2")).isTrue();

        assertThat(keys.find("d1")).hasValue(key);
        assertThat(keys.find("d2")).hasValue(bare);
        assertThat(keys.find("d3")).isEmpty();
    }

    @Test
    void a_name_that_is_taken_changes_nothing() {
        var first = key("ci");
        keys.add(first, "d1");

        assertThat(keys.add(key("ci"), "d2")).isFalse();
        assertThat(keys.find("d2")).isEmpty();
        assertThat(keys.list(OptionalLong.empty(), 10)).containsExactly(first);
    }

    @Test
    void a_revoked_key_is_gone_and_its_name_is_free() {
        var first = key("ci");
        keys.add(first, "d1");

        assertThat(keys.revoke(first.id())).isTrue();
        assertThat(keys.revoke(first.id())).isFalse();
        assertThat(keys.find("d1")).isEmpty();
        assertThat(keys.add(key("ci"), "d2")).isTrue();
    }

    @Test
    void keys_are_listed_by_pages_the_newest_first() {
        var first = key("one");
        var second = key("two");
        var third = key("three");
        keys.add(first, "d1");
        keys.add(second, "d2");
        keys.add(third, "d3");

        assertThat(keys.list(OptionalLong.empty(), 2)).containsExactly(third, second);
        assertThat(keys.list(OptionalLong.of(second.id()), 2)).containsExactly(first);
    }

    @Test
    void the_last_use_only_moves_forward_and_brings_no_key_back() {
        var key = key("ci");
        keys.add(key, "d1");
        var gone = keys.newId();

        keys.used(Map.of(key.id(), NOON.plusSeconds(5), gone, NOON));
        keys.used(Map.of(key.id(), NOON.plusSeconds(4)));

        assertThat(keys.find("d1").orElseThrow().lastUsedAt()).hasValue(NOON.plusSeconds(5));
        assertThat(keys.list(OptionalLong.empty(), 10)).hasSize(1);
        keys.used(Map.of());
    }

    @Test
    void the_first_secret_proposed_stays() {
        var kept = keys.secret("aa");

        assertThat(keys.secret("bb")).isEqualTo(kept);
    }
}
