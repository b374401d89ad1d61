package carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import carillon.web.Permission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdminKeyTest {
    private final SecureRandom dice = new SecureRandom();

    @TempDir Path directory;

    private Path file() {
        return directory.resolve("admin.key");
    }

    @Test
    void the_first_start_makes_a_key_that_only_this_user_can_read() throws IOException {
        var opened = AdminKey.open(file(), dice);
        assertThat(opened.fresh().orElseThrow()).matches("car_[A-Za-z0-9_-]{49}");
        assertThat(Files.readString(file())).isEqualTo(opened.fresh().orElseThrow() + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void a_later_start_reads_the_same_key_and_does_not_show_it() {
        var text = AdminKey.open(file(), dice).fresh().orElseThrow();
        var again = AdminKey.open(file(), dice);
        assertThat(again.fresh()).isEmpty();
        var principal = again.key().authenticate(text).orElseThrow();
        assertThat(principal.name()).isEqualTo("admin");
        assertThat(principal.permission()).isEqualTo(Permission.ADMINISTER);
    }

    @Test
    void anything_but_the_key_is_nobody() {
        var opened = AdminKey.open(file(), dice);
        var text = opened.fresh().orElseThrow();
        var key = opened.key();
        assertThat(key.authenticate("")).isEmpty();
        assertThat(key.authenticate(text + "x")).isEmpty();
        assertThat(key.authenticate(text.substring(1))).isEmpty();
        assertThat(key.authenticate(KeyText.fresh(dice))).isEmpty();
    }

    @Test
    void a_file_with_a_letter_amiss_stops_the_start_and_stays_as_it_is() throws IOException {
        var text = AdminKey.open(file(), dice).fresh().orElseThrow();
        var other = text.charAt(10) == 'A' ? 'B' : 'A';
        var broken = text.substring(0, 10) + other + text.substring(11);
        Files.writeString(file(), broken);
        assertThatThrownBy(() -> AdminKey.open(file(), dice))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("admin.key");
        assertThat(Files.readString(file())).isEqualTo(broken);
    }
}
