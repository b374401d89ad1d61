package carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.password4j.BcryptFunction;
import com.password4j.types.Bcrypt;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class UsersTest {
    private static final String PASSWORD = "correct:horse";

    private final Users users = new Users(Map.of("grace", hash(PASSWORD)), new SecureRandom());

    private static String hash(String password) {
        return BcryptFunction.getInstance(Bcrypt.B, 4).hash(password).getResult();
    }

    private static String basic(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_right_password_is_a_user_and_is_remembered() {
        var credential = basic("grace:" + PASSWORD);
        assertThat(users.remembered(credential)).isEmpty();
        assertThat(users.authenticate(credential).orElseThrow().name()).isEqualTo("grace");
        assertThat(users.remembered(credential).orElseThrow().name()).isEqualTo("grace");
    }

    @Test
    void wrong_passwords_unknown_users_and_broken_credentials_are_nobody_and_not_remembered() {
        var wrong =
                new String[] {
                    basic("grace:wrong"),
                    basic("grace:"),
                    basic("nobody:" + PASSWORD),
                    basic("grace"),
                    basic("grace:" + "x".repeat(100)),
                    "not base64!",
                    ""
                };
        for (var credential : wrong) {
            assertThat(users.authenticate(credential)).isEmpty();
            assertThat(users.remembered(credential)).isEmpty();
        }
    }

    @Test
    void hashes_made_by_libxcrypt_are_understood() {
        var salted = "05$abcdefghijklmnopqrstuuto9TfiXPqFaPFSnWZR02c4ScFTB3OSG";
        for (var version : new String[] {"$2a$", "$2b$", "$2y$"}) {
            var others = new Users(Map.of("u", version + salted), new SecureRandom());
            assertThat(others.authenticate(basic("u:" + PASSWORD))).isPresent();
            assertThat(others.authenticate(basic("u:" + PASSWORD + "x"))).isEmpty();
        }
        var umlaut = "$2b$05$abcdefghijklmnopqrstuurp7.A/kSBpQj8mACfjT/vqrQTad28e2";
        var others = new Users(Map.of("u", umlaut), new SecureRandom());
        assertThat(others.authenticate(basic("u:pässword:x"))).isPresent();
    }

    @Test
    void what_is_no_bcrypt_hash_is_refused_with_the_users_name() {
        assertThatThrownBy(() -> new Users(Map.of("bob", "plain text"), new SecureRandom()))
                .hasMessageContaining("bob")
                .hasMessageNotContaining("plain text");
    }
}
