package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.cluster.Holder;
import carillon.run.Lease;
import carillon.run.LeaseStore.Begun;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunState;
import carillon.run.Start;
import carillon.task.ConcurrencyPolicy;
import carillon.task.Task;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the concurrency gate of every lease store must do, whatever the database under it.
abstract class StartContract extends StoreContract {
    private Holder a;

    StartContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void one_node() {
        a = Some.join(stores(), "a");
    }

    @Test
    void with_allow_both_run() {
        var task = task(ConcurrencyPolicy.ALLOW);
        var first = lease(task);
        var second = lease(task);

        assertThat(start(first, second))
                .containsExactly(new Start.Go(first, List.of()), new Start.Go(second, List.of()));
        assertThat(run(first).state()).isEqualTo(RunState.RUNNING);
        assertThat(run(first).progress().times().startedAt()).hasValue(NOON);
        assertThat(run(first).progress().times().attemptStartedAt()).hasValue(NOON);
    }

    @Test
    void with_forbid_the_second_is_skipped() {
        var task = task(ConcurrencyPolicy.FORBID);
        var first = lease(task);
        var second = lease(task);

        assertThat(start(first, second))
                .containsExactly(
                        new Start.Go(first, List.of()),
                        new Start.Overlaps(second, first.run().id()));
        assertThat(run(second).state()).isEqualTo(RunState.SKIPPED);
        assertThat(run(second).progress().reason())
                .isEqualTo("run " + first.run().id() + " had not ended");
        assertThat(run(second).progress().times().finishedAt()).hasValue(NOON);
    }

    @Test
    void with_forbid_a_run_that_waits_for_its_next_attempt_has_not_ended() {
        var task = task(ConcurrencyPolicy.FORBID);
        var first = lease(task);
        start(first);
        var again = NOON.plusSeconds(60);
        stores().leases().complete(List.of(Some.retry(first, NOON, again, Output.NONE)));
        var second = lease(task);

        assertThat(start(second)).containsExactly(new Start.Overlaps(second, first.run().id()));
        var retried = stores().leases().claimDue(a, 1, again).getFirst();
        assertThat(start(retried)).containsExactly(new Start.Go(retried, List.of()));
    }

    @Test
    void with_forbid_the_next_runs_when_the_first_has_ended() {
        var task = task(ConcurrencyPolicy.FORBID);
        var first = lease(task);
        start(first);
        stores().leases().complete(List.of(Some.success(first, NOON)));
        var second = lease(task);

        assertThat(start(second)).containsExactly(new Start.Go(second, List.of()));
    }

    @Test
    void runs_of_other_tasks_do_not_matter() {
        var first = lease(task(ConcurrencyPolicy.FORBID));
        var second = lease(task(ConcurrencyPolicy.FORBID));

        assertThat(start(first, second)).hasOnlyElementsOfType(Start.Go.class);
    }

    @Test
    void with_replace_the_earlier_one_is_cancelled() {
        var task = task(ConcurrencyPolicy.REPLACE);
        var first = lease(task);
        var second = lease(task);
        start(first);

        assertThat(start(second)).containsExactly(new Start.Go(second, List.of(first.run().id())));
        assertThat(run(first).state()).isEqualTo(RunState.CANCELLED);
        assertThat(run(first).progress().reason())
                .isEqualTo("replaced by run " + second.run().id());
        assertThat(stores().leases().complete(List.of(Some.success(first, NOON)))).hasSize(1);
    }

    @Test
    void with_replace_the_last_in_a_call_remains() {
        var task = task(ConcurrencyPolicy.REPLACE);
        var first = lease(task);
        var second = lease(task);

        start(first, second);

        assertThat(run(first).state()).isEqualTo(RunState.CANCELLED);
        assertThat(run(second).state()).isEqualTo(RunState.RUNNING);
    }

    @Test
    void with_queue_the_second_waits_until_the_first_has_ended() {
        var task = task(ConcurrencyPolicy.QUEUE);
        var first = lease(task);
        var second = lease(task);

        assertThat(start(first, second))
                .containsExactly(new Start.Go(first, List.of()), new Start.Waits(second));
        assertThat(run(second).state()).isEqualTo(RunState.QUEUED);
        assertThat(run(second).progress().holder()).isEmpty();
        assertThat(stores().leases().claimDue(a, 10, NOON)).isEmpty();

        stores().leases().complete(List.of(Some.success(first, NOON)));
        var again = stores().leases().claimDue(a, 10, NOON);
        assertThat(again).extracting(lease -> lease.run().id()).containsExactly(second.run().id());
        assertThat(start(again.getFirst())).hasOnlyElementsOfType(Start.Go.class);
    }

    @Test
    void with_queue_a_run_whose_predecessor_was_cancelled_has_its_turn() {
        var task = task(ConcurrencyPolicy.QUEUE);
        var first = lease(task);
        var second = lease(task);
        start(first, second);
        stores().leases().cancel(first.run().id(), "asked for", NOON);

        assertThat(stores().leases().claimDue(a, 10, NOON))
                .extracting(lease -> lease.run().id())
                .containsExactly(second.run().id());
    }

    @Test
    void with_queue_a_run_that_was_forgotten_has_its_turn_when_the_rescuer_looks() {
        var task = task(ConcurrencyPolicy.QUEUE);
        var late = lease(task);
        var early = Some.leased(stores(), task, a, NOON.minusSeconds(1));
        start(late);
        var alsoLate = lease(task);
        start(alsoLate);
        stores().leases().cancel(early.run().id(), "lets the first go", NOON);
        var first = stores().leases().claimDue(a, 10, NOON).getFirst();
        stores().leases().cancel(first.run().id(), "lets the second go", NOON);
        stores().leases().rescue(NOON, 10);

        assertThat(stores().leases().claimDue(a, 10, NOON))
                .extracting(lease -> lease.run().id())
                .containsExactly(alsoLate.run().id());
    }

    @Test
    void with_queue_nobody_overtakes_a_run_that_is_due_earlier() {
        var task = task(ConcurrencyPolicy.QUEUE);
        var late = lease(task);
        var early = Some.leased(stores(), task, a, NOON.minusSeconds(1));

        assertThat(start(late)).hasOnlyElementsOfType(Start.Waits.class);
        assertThat(start(early)).hasOnlyElementsOfType(Start.Go.class);
    }

    @Test
    void with_queue_the_retry_of_a_run_that_has_begun_goes_before_those_that_have_not() {
        var task = task(ConcurrencyPolicy.QUEUE);
        var first = lease(task);
        var second = lease(task);
        start(first);
        var again = NOON.plusSeconds(60);
        stores().leases().complete(List.of(Some.retry(first, NOON, again, Output.NONE)));
        var retried = stores().leases().claimDue(a, 1, again).getFirst();

        assertThat(start(second)).hasOnlyElementsOfType(Start.Waits.class);
        assertThat(start(retried)).hasOnlyElementsOfType(Start.Go.class);
    }

    @Test
    void two_runs_that_have_begun_do_not_wait_for_each_other() {
        var task = task(ConcurrencyPolicy.QUEUE);
        var first = lease(task);
        var second = lease(task);
        stores().leases()
                .markRunning(
                        List.of(new Begun(first, NOON), new Begun(second, NOON.plusMillis(1))));
        stores().leases()
                .complete(
                        List.of(
                                Some.retry(first, NOON, NOON, Output.NONE),
                                Some.retry(second, NOON.plusMillis(1), NOON, Output.NONE)));
        var again = stores().leases().claimDue(a, 2, NOON);

        assertThat(start(again.getLast())).hasOnlyElementsOfType(Start.Waits.class);
        assertThat(start(again.getFirst())).hasOnlyElementsOfType(Start.Go.class);
    }

    @Test
    void a_lease_that_is_no_longer_current_is_lost() {
        var lease = lease(task(ConcurrencyPolicy.FORBID));
        stores().leases().release(List.of(lease));

        assertThat(start(lease)).containsExactly(new Start.Lost(lease));
        assertThat(run(lease).state()).isEqualTo(RunState.QUEUED);
    }

    @Test
    void a_lease_that_is_running_already_may_go() {
        var lease = lease(task(ConcurrencyPolicy.FORBID));
        start(lease);

        assertThat(start(lease)).containsExactly(new Start.Go(lease, List.of()));
    }

    private Task task(ConcurrencyPolicy policy) {
        return Some.task(stores(), Some.definition("a task", Some.policies(policy)));
    }

    private Lease lease(Task task) {
        return Some.leased(stores(), task, a, NOON);
    }

    private List<Start> start(Lease... leases) {
        return stores().leases().start(List.of(leases), NOON);
    }

    private Run run(Lease lease) {
        return stores().runs().find(lease.run().id()).orElseThrow();
    }
}
