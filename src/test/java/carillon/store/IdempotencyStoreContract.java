package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.idempotency.Claim;
import carillon.idempotency.IdempotencyKey;
import carillon.idempotency.IdempotencyStore;
import carillon.idempotency.KeptAnswer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every store of idempotency keys must do, whatever the database under it.
abstract class IdempotencyStoreContract extends StoreContract {
    private static final IdempotencyKey KEY = new IdempotencyKey("ada", "k1");
    private static final KeptAnswer ANSWER =
            new KeptAnswer(
                    201,
                    "application/json",
                    Map.of("Location", "/api/v1/tasks/1", "ETag", "\"1\""),
                    Optional.of("{\"id\":1}"));

    private IdempotencyStore requests;

    IdempotencyStoreContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void open() {
        requests = stores().requests();
    }

    private Claim claim(IdempotencyKey key, Instant now) {
        return requests.claim(key, "print", now);
    }

    @Test
    void a_key_is_granted_once_and_then_leads_to_the_answer() {
        assertThat(claim(KEY, NOON)).isEqualTo(new Claim.Granted());
        assertThat(claim(KEY, NOON.plusSeconds(1))).isEqualTo(new Claim.Open(NOON));

        requests.complete(KEY, ANSWER);

        assertThat(claim(KEY, NOON.plusSeconds(2))).isEqualTo(new Claim.Answered(ANSWER));
    }

    @Test
    void an_answer_may_be_kept_without_its_body_or_headers() {
        claim(KEY, NOON);
        var bare = new KeptAnswer(200, "text/plain", Map.of(), Optional.empty());
        requests.complete(KEY, bare);

        assertThat(claim(KEY, NOON)).isEqualTo(new Claim.Answered(bare));
    }

    @Test
    void another_request_is_told_from_the_first_also_while_that_is_open() {
        claim(KEY, NOON);
        assertThat(requests.claim(KEY, "other", NOON)).isEqualTo(new Claim.OtherRequest());
        requests.complete(KEY, ANSWER);
        assertThat(requests.claim(KEY, "other", NOON)).isEqualTo(new Claim.OtherRequest());
    }

    @Test
    void principals_do_not_share_keys() {
        claim(KEY, NOON);
        assertThat(claim(new IdempotencyKey("bob", "k1"), NOON)).isEqualTo(new Claim.Granted());
    }

    @Test
    void a_withdrawn_key_is_free_and_an_answered_one_cannot_be_withdrawn() {
        claim(KEY, NOON);
        requests.withdraw(KEY);
        assertThat(claim(KEY, NOON)).isEqualTo(new Claim.Granted());
        requests.complete(KEY, ANSWER);
        requests.withdraw(KEY);
        assertThat(claim(KEY, NOON)).isEqualTo(new Claim.Answered(ANSWER));
    }

    @Test
    void a_key_is_free_again_after_24_hours() {
        claim(KEY, NOON);
        requests.complete(KEY, ANSWER);
        var end = NOON.plus(IdempotencyStore.KEPT);

        assertThat(claim(KEY, end.minusMillis(1))).isEqualTo(new Claim.Answered(ANSWER));
        assertThat(claim(KEY, end)).isEqualTo(new Claim.Granted());
    }

    @Test
    void of_many_at_the_same_time_one_is_granted_the_key() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tries = new ArrayList<Callable<Claim>>();
            for (int i = 0; i < 20; i++) {
                tries.add(() -> claim(KEY, NOON));
            }
            var claims = new ArrayList<Claim>();
            for (var done : threads.invokeAll(tries)) {
                claims.add(done.get());
            }
            assertThat(claims).filteredOn(new Claim.Granted()::equals).hasSize(1);
            assertThat(claims).filteredOn(new Claim.Open(NOON)::equals).hasSize(19);
        }
    }

    @Test
    void what_is_old_or_too_many_is_pruned_the_oldest_first() {
        var keys = List.of("a", "b", "c", "d", "e");
        for (int i = 0; i < keys.size(); i++) {
            claim(new IdempotencyKey("ada", keys.get(i)), NOON.plusSeconds(i));
        }

        assertThat(requests.prune(NOON, 10, 10)).isZero();
        assertThat(requests.prune(NOON.plusSeconds(2), 10, 1)).isOne();
        assertThat(requests.prune(NOON.plusSeconds(2), 10, 10)).isOne();
        assertThat(requests.prune(NOON, 2, 10)).isOne();
        assertThat(claim(new IdempotencyKey("ada", "c"), NOON.plusSeconds(9)))
                .isEqualTo(new Claim.Granted());
        assertThat(claim(new IdempotencyKey("ada", "d"), NOON.plusSeconds(9)))
                .isEqualTo(new Claim.Open(NOON.plusSeconds(3)));
    }
}
