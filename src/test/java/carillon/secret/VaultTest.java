package carillon.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VaultTest {
    private static final String GIVEN = Base64.getEncoder().encodeToString(new byte[32]);

    @TempDir Path folder;
    private Path file;
    private final Canaries canaries = new Canaries();

    /// The canary of one database.
    private static final class Canaries implements CanaryStore {
        private Optional<String> kept = Optional.empty();
        private Runnable beforeKeeping = () -> {};

        @Override
        public Optional<String> find() {
            return kept;
        }

        @Override
        public String keep(String proposed) {
            beforeKeeping.run();
            kept = kept.or(() -> Optional.of(proposed));
            return kept.orElseThrow();
        }
    }

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("secret.key");
    }

    private Vault vault(Path at, Optional<String> given) {
        return new Vault(at, given, RandomGenerator.getDefault());
    }

    private Vault opened() {
        var vault = vault(file, Optional.empty());
        vault.unlock(canaries);
        return vault;
    }

    @Test
    void the_first_start_makes_a_key_that_only_its_user_can_read() throws Exception {
        var sealed = opened().seal("canary", "task 7");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Base64.getDecoder().decode(Files.readString(file).strip())).hasSize(32);
        assertThat(sealed).doesNotContain("canary");
        assertThat(opened().open(sealed, "task 7")).isEqualTo("canary");
    }

    @Test
    void the_same_text_is_sealed_differently_each_time() {
        var vault = opened();
        assertThat(vault.seal("a", "r")).isNotEqualTo(vault.seal("a", "r"));
    }

    @Test
    void what_was_never_sealed_is_read_as_it_is() {
        assertThat(opened().open("{\"name\":\"n\"}", "task 7")).isEqualTo("{\"name\":\"n\"}");
    }

    @Test
    void a_sealed_text_opens_in_its_own_row_only_and_unchanged_only() {
        var vault = opened();
        var sealed = vault.seal("canary", "task 7");
        var other = sealed.endsWith("A=") ? "B=" : "A=";
        var changed = sealed.substring(0, sealed.length() - 2) + other;
        assertThatThrownBy(() -> vault.open(sealed, "task 8")).isInstanceOf(SecretException.class);
        assertThatThrownBy(() -> vault.open(changed, "task 7"))
                .isInstanceOf(SecretException.class)
                .hasMessageStartingWith("task 7 cannot be decrypted");
        assertThatThrownBy(() -> vault.open("sealed:1:@", "task 7"))
                .isInstanceOf(SecretException.class);
        assertThatThrownBy(() -> Seal.NONE.open(sealed, "task 7"))
                .isInstanceOf(SecretException.class);
    }

    @Test
    void a_key_that_is_given_comes_before_the_file_and_makes_none() {
        var vault = vault(file, Optional.of(GIVEN));
        vault.unlock(canaries);
        assertThat(file).doesNotExist();
        var sealed = vault.seal("canary", "r");
        var elsewhere = vault(folder.resolve("other"), Optional.of(GIVEN));
        elsewhere.unlock(canaries);
        assertThat(elsewhere.open(sealed, "r")).isEqualTo("canary");
    }

    @Test
    void a_node_without_the_key_is_told_what_to_do_and_makes_none() {
        opened();
        var other = folder.resolve("node-2.key");
        assertThatThrownBy(() -> vault(other, Optional.empty()).unlock(canaries))
                .isInstanceOf(SecretException.class)
                .hasMessageContaining("this node has no key: copy secret.key")
                .hasMessageContaining(other.toString())
                .hasMessageContaining("CARILLON_SECRET_KEY");
        assertThat(other).doesNotExist();
    }

    @Test
    void a_node_with_another_key_is_told_what_to_do() throws Exception {
        opened();
        var other = Files.writeString(folder.resolve("node-2.key"), GIVEN + "\n");
        assertThatThrownBy(() -> vault(other, Optional.empty()).unlock(canaries))
                .isInstanceOf(SecretException.class)
                .hasMessageStartingWith(other + " is not the key")
                .hasMessageNotContaining(GIVEN);
        assertThatThrownBy(() -> vault(file, Optional.of(GIVEN)).unlock(canaries))
                .hasMessageStartingWith("CARILLON_SECRET_KEY is not the key");
    }

    @Test
    void of_two_nodes_that_start_at_once_the_second_keeps_no_key_of_its_own() {
        var other = folder.resolve("node-2.key");
        canaries.beforeKeeping =
                () -> {
                    canaries.beforeKeeping = () -> {};
                    opened();
                };
        assertThatThrownBy(() -> vault(other, Optional.empty()).unlock(canaries))
                .isInstanceOf(SecretException.class);
        assertThat(other).doesNotExist();
        assertThat(file).exists();
    }

    @Test
    void what_is_no_key_is_refused_without_being_repeated() throws Exception {
        for (var text : new String[] {"", "short", "not base64 !!", GIVEN.substring(4)}) {
            Files.writeString(file, text);
            assertThatThrownBy(() -> vault(file, Optional.empty()).unlock(canaries))
                    .isInstanceOf(SecretException.class)
                    .hasMessage(
                            file
                                    + " must hold 32 bytes in Base64, as openssl rand -base64 32"
                                    + " makes them");
        }
        assertThat(canaries.kept).isEmpty();
    }
}
