package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.cluster.Holder;
import carillon.run.Lease;
import carillon.run.LeaseStore;
import carillon.run.LeaseStore.Begun;
import carillon.run.LeaseStore.Rescued;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunState;
import carillon.task.ConcurrencyPolicy;
import carillon.task.Delivery;
import carillon.task.Task;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every lease store must do, whatever the database under it. Starting through the gate has a
/// contract of its own.
abstract class LeaseStoreContract extends StoreContract {
    private static final Instant LATER = NOON.plusSeconds(10);
    private static final Instant LEASE_OVER = NOON.plusSeconds(30);

    private LeaseStore leases;
    private Task task;
    private Holder a;

    LeaseStoreContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void one_task_and_one_node() {
        leases = stores().leases();
        task = Some.task(stores(), Some.definition("one", Some.policies(ConcurrencyPolicy.ALLOW)));
        a = Some.join(stores(), "a");
    }

    @Test
    void a_run_written_for_a_holder_is_leased_to_it() {
        var wanted = Some.manualRun(stores(), task, NOON);

        var leased = leases.enqueue(List.of(wanted), Optional.of(a));

        assertThat(leased).hasSize(1);
        assertThat(leased.getFirst().run()).isEqualTo(run(wanted.id()));
        assertThat(leased.getFirst().run().attempt()).isEqualTo(1);
        assertThat(leased.getFirst().origin()).isEqualTo("native");
        assertThat(leases.claimDue(a, 10, NOON)).isEmpty();
    }

    @Test
    void a_run_written_for_nobody_waits_in_the_queue() {
        var wanted = Some.manualRun(stores(), task, LATER);

        assertThat(leases.enqueue(List.of(wanted), Optional.empty())).isEmpty();

        assertThat(leases.nextDue()).hasValue(LATER);
        assertThat(leases.claimDue(a, 10, LATER.minusMillis(1))).isEmpty();
        var claimed = leases.claimDue(a, 10, LATER).getFirst();
        assertThat(claimed.run()).isEqualTo(run(wanted.id()));
        assertThat(claimed.run().attempt()).isEqualTo(1);
        assertThat(claimed.holder()).isEqualTo(a);
        assertThat(leases.nextDue()).isEmpty();
    }

    @Test
    void a_run_written_for_a_dead_holder_waits_in_the_queue() {
        stores().nodes().leave(a);

        assertThat(leases.enqueue(List.of(Some.manualRun(stores(), task, NOON)), Optional.of(a)))
                .isEmpty();
        assertThat(leases.nextDue()).hasValue(NOON);
    }

    @Test
    void the_highest_priority_goes_first_then_the_earliest_due() {
        var low = Some.manualRun(stores(), task, NOON.minusSeconds(9), 1);
        var late = Some.manualRun(stores(), task, NOON, 7);
        var early = Some.manualRun(stores(), task, NOON.minusSeconds(1), 7);
        var future = Some.manualRun(stores(), task, NOON.plusSeconds(1), 10);
        leases.enqueue(List.of(low, late, early, future), Optional.empty());

        assertThat(ids(leases.claimDue(a, 2, NOON))).containsExactly(early.id(), late.id());
        assertThat(ids(leases.claimDue(a, 2, NOON))).containsExactly(low.id());
    }

    @Test
    void a_success_ends_the_run_and_keeps_its_output() {
        var lease = lease();
        var output = new Output(OptionalInt.of(200), "text/plain", "fine\0", true);

        assertThat(leases.complete(List.of(Some.success(lease, NOON, output)))).isEmpty();

        var run = run(lease.run().id());
        assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(run.progress().times().startedAt()).hasValue(NOON);
        assertThat(run.progress().times().finishedAt()).hasValue(NOON.plusMillis(5));
        assertThat(stores().runs().output(run.id()))
                .isEqualTo(new Output(OptionalInt.of(200), "text/plain", "fine\uFFFD", true));
    }

    @Test
    void a_retry_puts_the_run_back_and_keeps_the_attempt() {
        var lease = lease();
        var output = new Output(OptionalInt.of(503), "text/plain", "busy", false);

        leases.complete(List.of(Some.retry(lease, NOON, LATER, output)));

        var waiting = run(lease.run().id());
        assertThat(waiting.state()).isEqualTo(RunState.QUEUED);
        assertThat(waiting.progress().reason()).isEqualTo("status 503");
        assertThat(waiting.progress().holder()).isEmpty();
        assertThat(waiting.dueAt()).isEqualTo(LATER);
        assertThat(stores().runs().output(waiting.id())).isEqualTo(output);
        var again = leases.claimDue(a, 10, LATER).getFirst();
        assertThat(again.run().attempt()).isEqualTo(2);
        leases.complete(List.of(Some.success(again, LATER)));
        assertThat(run(waiting.id()).progress().times().startedAt()).hasValue(NOON);
        assertThat(stores().runs().output(waiting.id())).isEqualTo(Output.NONE);
        assertThat(stores().runs().attempts(waiting.id()))
                .extracting(attempt -> attempt.attempt() + " " + attempt.state())
                .containsExactly("1 FAILED", "2 SUCCEEDED");
    }

    @Test
    void only_the_current_lease_can_complete() {
        var old = lease();
        leases.complete(List.of(Some.retry(old, NOON, NOON, Output.NONE)));
        var current = leases.claimDue(a, 1, NOON).getFirst();
        var stranger =
                new Lease(current.run(), current.definition(), "native", new Holder("a", 99));

        assertThat(leases.complete(List.of(Some.success(old, NOON)))).containsExactly(id(old));
        assertThat(leases.complete(List.of(Some.success(stranger, NOON)))).hasSize(1);
        assertThat(leases.lost(List.of(old, current))).hasSize(1);
        assertThat(leases.complete(List.of(Some.success(current, NOON)))).isEmpty();
        assertThat(leases.complete(List.of(Some.failure(current, NOON)))).hasSize(1);
        assertThat(run(id(current)).state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void in_a_batch_only_the_stale_ones_are_lost() {
        var good = lease();
        var stale = lease();
        leases.cancel(id(stale), "enough", NOON);

        var lost = leases.complete(List.of(Some.success(stale, NOON), Some.success(good, NOON)));

        assertThat(lost).containsExactly(id(stale));
        assertThat(run(id(stale)).state()).isEqualTo(RunState.CANCELLED);
        assertThat(run(id(good)).state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void long_attempts_show_as_running() {
        var lease = lease();

        leases.markRunning(List.of(new Begun(lease, NOON)));

        assertThat(run(id(lease)).state()).isEqualTo(RunState.RUNNING);
        assertThat(run(id(lease)).progress().times().attemptStartedAt()).hasValue(NOON);
        assertThat(stores().runs().running()).isEqualTo(1);
        leases.complete(List.of(Some.failure(lease, NOON)));
        leases.markRunning(List.of(new Begun(lease, NOON)));
        assertThat(run(id(lease)).state()).isEqualTo(RunState.FAILED);
        assertThat(stores().runs().running()).isZero();
    }

    @Test
    void a_released_run_can_be_claimed_and_has_lost_no_attempt() {
        var lease = lease();
        var begun = lease();
        leases.markRunning(List.of(new Begun(begun, NOON)));

        leases.release(List.of(lease, begun));

        assertThat(run(id(begun)).progress().holder()).hasValue(a);
        var again = leases.claimDue(a, 10, NOON);
        assertThat(ids(again)).containsExactly(id(lease));
        var progress = again.getFirst().run().progress();
        assertThat(progress.maxAttempts() - progress.attempt())
                .isEqualTo(lease.run().progress().maxAttempts() - 1);
        assertThat(leases.lost(List.of(lease))).containsExactly(id(lease));
    }

    @Test
    void a_postponed_run_is_due_again_and_has_used_no_attempt() {
        var lease = lease();
        leases.markRunning(List.of(new Begun(lease, NOON)));
        var until = NOON.plusSeconds(60);

        leases.complete(List.of(Some.postponed(lease, NOON, until)));

        var waiting = run(id(lease));
        assertThat(waiting.state()).isEqualTo(RunState.QUEUED);
        assertThat(waiting.progress().reason()).isEqualTo("not yet");
        assertThat(waiting.dueAt()).isEqualTo(until);
        assertThat(waiting.progress().attemptsUsed()).isZero();
        assertThat(stores().runs().attempts(id(lease))).isEmpty();
        assertThat(leases.claimDue(a, 10, until.minusMillis(1))).isEmpty();
        var again = leases.claimDue(a, 10, until).getFirst().run().progress();
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.attemptsUsed()).isEqualTo(1);
        assertThat(again.attemptsAllowed()).isEqualTo(lease.run().progress().maxAttempts());
        assertThat(leases.complete(List.of(Some.postponed(lease, NOON, until)))).hasSize(1);
    }

    @Test
    void a_skipped_run_has_ended_without_an_attempt() {
        var lease = lease();

        leases.complete(List.of(Some.skipped(lease, NOON)));

        var ended = run(id(lease));
        assertThat(ended.state()).isEqualTo(RunState.SKIPPED);
        assertThat(ended.progress().reason()).isEqualTo("no money");
        assertThat(ended.progress().times().startedAt()).isEmpty();
        assertThat(stores().runs().attempts(id(lease))).isEmpty();
    }

    @Test
    void a_run_is_cancelled_once_and_not_after_its_end() {
        var lease = lease();

        assertThat(leases.cancel(id(lease), "enough", NOON)).isTrue();
        assertThat(leases.cancel(id(lease), "again", NOON)).isFalse();
        assertThat(run(id(lease)).progress().reason()).isEqualTo("enough");
        assertThat(leases.cancel(new RunId(1), "unknown", NOON)).isFalse();
    }

    @Test
    void forgotten_leases_are_found() {
        var old = Some.leased(stores(), task, a, NOON.minusSeconds(9));
        lease();
        var ended = Some.leased(stores(), task, a, NOON.minusSeconds(9));
        leases.complete(List.of(Some.success(ended, NOON)));

        assertThat(leases.heldSince(a, NOON, 10)).containsExactly(old);
        assertThat(leases.heldSince(new Holder("a", 99), NOON, 10)).isEmpty();
    }

    @Test
    void the_living_are_not_rescued() {
        lease();

        assertThat(leases.rescue(LEASE_OVER.minusMillis(1), 10)).isEmpty();
        assertThat(stores().nodes().nodes()).hasSize(1);
    }

    @Test
    void a_run_that_may_have_begun_is_rescued_as_the_next_attempt() {
        var lease = lease();

        assertThat(leases.rescue(LEASE_OVER, 10))
                .containsExactly(new Rescued(id(lease), a, RunState.QUEUED));

        var progress = run(id(lease)).progress();
        assertThat(progress.rescues()).isEqualTo(1);
        assertThat(progress.maxAttempts()).isEqualTo(lease.run().progress().maxAttempts() + 1);
        assertThat(leases.complete(List.of(Some.success(lease, NOON)))).hasSize(1);
        assertThat(stores().nodes().nodes()).isEmpty();
        assertThat(stores().nodes().renew(a, NOON, LEASE_OVER.plusSeconds(60))).isFalse();
    }

    @Test
    void a_run_that_was_due_after_its_holder_died_has_not_begun() {
        var lease = Some.leased(stores(), task, a, LEASE_OVER.plusMillis(1));

        leases.rescue(LEASE_OVER, 10);

        assertThat(run(id(lease)).progress().rescues()).isZero();
        assertThat(stores().runs().attempts(id(lease))).isEmpty();
    }

    @Test
    void a_gated_run_has_begun_only_when_it_was_written_as_running() {
        var policies = Some.policies(ConcurrencyPolicy.ALLOW, Delivery.AT_MOST_ONCE);
        var once = Some.task(stores(), Some.definition("once", policies));
        var idle = Some.leased(stores(), once, a, NOON);
        var begun = Some.leased(stores(), once, a, NOON);
        leases.start(List.of(begun), NOON);

        leases.rescue(LEASE_OVER, 10);

        assertThat(run(id(idle)).state()).isEqualTo(RunState.QUEUED);
        assertThat(run(id(idle)).progress().rescues()).isZero();
        assertThat(run(id(begun)).state()).isEqualTo(RunState.FAILED);
        assertThat(run(id(begun)).progress().reason()).startsWith("unknown");
    }

    @Test
    void a_run_that_three_nodes_died_with_is_given_up() {
        var id = id(lease());
        for (int death = 1; death < LeaseStore.MAX_RESCUES; death++) {
            assertThat(leases.rescue(LEASE_OVER, 10))
                    .extracting(Rescued::state)
                    .containsExactly(RunState.QUEUED);
            leases.claimDue(Some.join(stores(), "b"), 10, NOON);
        }

        assertThat(leases.rescue(LEASE_OVER, 10))
                .extracting(Rescued::state)
                .containsExactly(RunState.FAILED);
        assertThat(run(id).progress().rescues()).isEqualTo(LeaseStore.MAX_RESCUES);
    }

    @Test
    void what_a_node_that_left_still_has_is_rescued_at_once() {
        var lease = lease();
        var before = Some.leased(stores(), task, a, NOON.plusSeconds(1));
        stores().nodes().leave(a);

        assertThat(leases.rescue(NOON, 1)).hasSize(1);
        assertThat(stores().nodes().nodes()).hasSize(1);
        assertThat(leases.rescue(NOON, 10)).hasSize(1);
        assertThat(stores().nodes().nodes()).isEmpty();
        assertThat(run(id(lease)).progress().rescues()).isEqualTo(1);
        assertThat(run(id(before)).progress().rescues()).isZero();
    }

    private Lease lease() {
        return Some.leased(stores(), task, a, NOON);
    }

    private Run run(RunId id) {
        return stores().runs().find(id).orElseThrow();
    }

    private static RunId id(Lease lease) {
        return lease.run().id();
    }

    private static List<RunId> ids(List<Lease> leases) {
        return leases.stream().map(LeaseStoreContract::id).toList();
    }
}
