package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.batch.BatchStore;
import carillon.batch.Standing;
import carillon.batch.Standing.Mark;
import carillon.batch.Totals;
import carillon.run.Lease;
import carillon.run.RunId;
import carillon.run.RunState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every store of how far batches are must do, whatever the database under it.
abstract class BatchStoreContract extends StoreContract {
    private BatchStore batches;
    private Lease lease;

    BatchStoreContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void open() {
        batches = stores().batches();
        var task = Some.task(stores(), Some.definition("batch"));
        lease = Some.leased(stores(), task, Some.join(stores(), "node-1"), NOON);
    }

    private RunId run() {
        return lease.run().id();
    }

    private static Standing standing(long done, Mark mark) {
        var totals = new Totals(done, 1, 20, 30, 40);
        return new Standing(100, totals, 5, NOON, NOON.plusSeconds(10), mark);
    }

    @Test
    void what_was_written_last_is_found() {
        assertThat(batches.find(run())).isEmpty();
        batches.write(run(), standing(3, Mark.GOES_ON));

        assertThat(batches.write(run(), standing(9, Mark.GOES_ON))).isEqualTo(Mark.GOES_ON);
        assertThat(batches.find(run())).contains(standing(9, Mark.GOES_ON));
        assertThat(batches.of(List.of(run(), new RunId(1)))).containsOnlyKeys(run());
        assertThat(batches.of(List.of())).isEmpty();
    }

    @Test
    void a_pause_stays_until_it_is_over() {
        assertThat(batches.pause(run(), NOON)).isTrue(); // Before it has begun.
        assertThat(batches.write(run(), standing(3, Mark.GOES_ON))).isEqualTo(Mark.PAUSED);
        assertThat(batches.find(run())).contains(standing(3, Mark.PAUSED));

        assertThat(batches.resume(run(), NOON)).isTrue();
        assertThat(batches.resume(run(), NOON)).isFalse();
        assertThat(batches.write(run(), standing(4, Mark.GOES_ON))).isEqualTo(Mark.GOES_ON);
    }

    @Test
    void what_is_whole_stays_so() {
        batches.write(run(), standing(99, Mark.WHOLE));

        assertThat(batches.pause(run(), NOON)).isFalse();
        assertThat(batches.resume(run(), NOON)).isFalse();
        assertThat(batches.write(run(), standing(99, Mark.GOES_ON))).isEqualTo(Mark.WHOLE);
    }

    @Test
    void only_what_has_not_ended_can_pause() {
        stores().leases().complete(List.of(Some.success(lease, NOON)));

        assertThat(batches.pause(run(), NOON)).isFalse();
        assertThat(batches.pause(new RunId(1), NOON)).isFalse();
        assertThat(batches.find(run())).isEmpty();
    }

    @Test
    void a_run_that_was_set_aside_is_due_when_the_pause_is_over() {
        batches.pause(run(), NOON);
        stores().leases()
                .complete(List.of(Some.postponed(lease, NOON, NOON.plus(Duration.ofDays(9)))));

        batches.resume(run(), NOON.plusSeconds(7));
        var waiting = stores().runs().find(run()).orElseThrow();
        assertThat(waiting.state()).isEqualTo(RunState.QUEUED);
        assertThat(waiting.dueAt()).isEqualTo(NOON.plusSeconds(7));
    }

    @Test
    void it_is_forgotten_with_its_run() {
        batches.write(run(), standing(99, Mark.WHOLE));
        stores().leases().complete(List.of(Some.success(lease, NOON)));

        stores().runs().prune(NOON.plusSeconds(60), 1_000, 100);
        assertThat(batches.find(run())).isEmpty();
    }

    @Test
    void it_goes_with_its_task() {
        batches.write(run(), standing(9, Mark.GOES_ON));

        stores().tasks().delete(lease.run().task());
        assertThat(batches.find(run())).isEmpty();
    }
}
