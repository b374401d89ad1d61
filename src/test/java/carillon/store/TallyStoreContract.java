package carillon.store;

import static carillon.store.Some.MINUTE;
import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.cluster.Holder;
import carillon.run.Completion;
import carillon.run.Lease;
import carillon.run.RunState;
import carillon.run.TallyStore;
import carillon.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every count of ends must do, whatever the database under it.
abstract class TallyStoreContract extends StoreContract {
    private TallyStore tallies;
    private Task task;
    private Holder holder;

    TallyStoreContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void open() {
        tallies = stores().tallies();
        task = Some.task(stores(), Some.definition("counted"));
        holder = Some.join(stores(), "node-1");
    }

    private void end(Instant at, BiFunction<Lease, Instant, Completion> how) {
        time().set(at);
        var lease = Some.leased(stores(), task, holder, NOON);
        stores().leases().complete(List.of(how.apply(lease, at)));
    }

    @Test
    void ends_are_counted_in_their_minute_and_in_all() {
        end(NOON, Some::success);
        end(NOON.plusSeconds(59), Some::success);
        end(NOON.plusSeconds(60), Some::failure);
        end(NOON.plusSeconds(61), Some::skipped);

        assertThat(tallies.between(NOON, NOON.plusSeconds(120), MINUTE))
                .isEqualTo(
                        Map.of(
                                NOON,
                                Map.of(RunState.SUCCEEDED, 2L),
                                NOON.plusSeconds(60),
                                Map.of(RunState.FAILED, 1L, RunState.SKIPPED, 1L)));
        assertThat(tallies.between(NOON, NOON.plusSeconds(60), Duration.ofHours(1)))
                .isEqualTo(Map.of(NOON, Map.of(RunState.SUCCEEDED, 2L)));
        assertThat(tallies.all())
                .isEqualTo(
                        Map.of(
                                RunState.SUCCEEDED, 2L,
                                RunState.FAILED, 1L,
                                RunState.SKIPPED, 1L));
    }

    @Test
    void an_attempt_that_is_not_the_end_of_its_run_does_not_count() {
        end(NOON, (lease, at) -> Some.postponed(lease, at, at.plusSeconds(60)));

        assertThat(tallies.all()).isEmpty();
    }

    @Test
    void a_row_that_stands_for_many_slots_counts_as_many() {
        var last = NOON.plus(MINUTE.multipliedBy(41));
        stores().slots().planOne(task.id(), Some.closing(NOON, last, 42, "down"));

        assertThat(tallies.all().values().stream().mapToLong(count -> count).sum()).isEqualTo(42);
    }

    @Test
    void nothing_is_lost_when_many_count_at_once() throws Exception {
        try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                writers.execute(
                        () -> {
                            for (int j = 0; j < 20; j++) {
                                end(NOON, Some::success);
                            }
                        });
            }
        }

        assertThat(tallies.all()).isEqualTo(Map.of(RunState.SUCCEEDED, 160L));
    }

    @Test
    void old_minutes_are_forgotten_and_the_sum_of_all_time_stays() {
        end(NOON, Some::success);
        end(NOON.plusSeconds(60), Some::success);
        tallies.forget(NOON.plusSeconds(60));

        assertThat(tallies.between(NOON.minusSeconds(600), NOON.plusSeconds(600), MINUTE))
                .containsOnlyKeys(NOON.plusSeconds(60));
        assertThat(tallies.all()).isEqualTo(Map.of(RunState.SUCCEEDED, 2L));
    }
}
