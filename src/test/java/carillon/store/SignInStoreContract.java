package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.auth.SignIn;
import carillon.auth.SignInStore;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every store of sign-ins must do, whatever the database under it.
abstract class SignInStoreContract extends StoreContract {
    private SignInStore signIns;

    SignInStoreContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void open() {
        signIns = stores().signIns();
    }

    private static SignIn signIn(String digest, Duration lasts) {
        return new SignIn(digest, "key:abc", "key:ci", NOON, NOON.plus(lasts));
    }

    @Test
    void a_sign_in_is_found_as_it_was_begun() {
        var signIn = signIn("d1", Duration.ofHours(12));

        signIns.begin(signIn);

        assertThat(signIns.find("d1")).hasValue(signIn);
        assertThat(signIns.find("d2")).isEmpty();
    }

    @Test
    void an_ended_sign_in_is_gone_and_others_are_not() {
        signIns.begin(signIn("d1", Duration.ofHours(12)));
        signIns.begin(signIn("d2", Duration.ofHours(12)));

        assertThat(signIns.end("d1")).isTrue();
        assertThat(signIns.end("d1")).isFalse();

        assertThat(signIns.find("d1")).isEmpty();
        assertThat(signIns.find("d2")).isPresent();
    }

    @Test
    void those_that_are_over_are_forgotten_so_many_at_a_time() {
        signIns.begin(signIn("d1", Duration.ofHours(1)));
        signIns.begin(signIn("d2", Duration.ofHours(1)));
        signIns.begin(signIn("d3", Duration.ofHours(3)));
        var later = NOON.plus(Duration.ofHours(2));

        assertThat(signIns.forget(later, 1)).isEqualTo(1);
        assertThat(signIns.forget(later, 10)).isEqualTo(1);
        assertThat(signIns.forget(later, 10)).isZero();

        assertThat(signIns.find("d3")).isPresent();
    }
}
