package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.action.Nothing;
import carillon.action.Step;
import carillon.action.StepKey;
import carillon.action.Workflow;
import carillon.batch.BatchStore;
import carillon.batch.Standing;
import carillon.batch.Standing.Mark;
import carillon.batch.Totals;
import carillon.run.Completion;
import carillon.run.Lease;
import carillon.run.LeaseStore.NewRun;
import carillon.run.Occasion;
import carillon.run.Outcome;
import carillon.run.RunId;
import carillon.run.RunState;
import carillon.run.Trigger;
import carillon.task.Policies;
import carillon.task.TaskDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    void runs_below_that_found_the_pause_are_due_when_it_is_over_and_others_wait_on() {
        var above = workflow();
        var paused = below(above, 0);
        var waiting = below(above, 1);
        var own = NOON.plus(Duration.ofDays(1));
        stores().leases()
                .complete(
                        List.of(
                                setAside(paused, "paused", own),
                                setAside(waiting, "waits for money", own)));
        batches.pause(above.run().id(), NOON);
        batches.resume(above.run().id(), NOON.plusSeconds(7));

        assertThat(stores().runs().find(paused.run().id()).orElseThrow().dueAt())
                .isEqualTo(NOON.plusSeconds(7));
        assertThat(stores().runs().find(waiting.run().id()).orElseThrow().dueAt()).isEqualTo(own);
    }

    /// A run of a workflow of two steps.
    private Lease workflow() {
        var steps = List.of(Step.of("a", new Nothing()), Step.of("b", new Nothing()));
        var workflow = new Workflow(Workflow.Shape.PARALLEL, steps);
        var definition =
                new TaskDefinition("w", "", Optional.empty(), workflow, Policies.DEFAULT, Map.of());
        return Some.leased(stores(), Some.task(stores(), definition), lease.holder(), NOON);
    }

    private static Completion setAside(Lease lease, String reason, Instant until) {
        return new Completion(
                lease,
                NOON,
                NOON,
                new Outcome.Postponed(reason, until),
                new Outcome.Next.Postpone(until, reason));
    }

    /// A run that is called by a step of the workflow.
    private Lease below(Lease workflow, int place) {
        var step = begun(workflow, Trigger.WORKFLOW, Optional.of(new StepKey(place, 0, 0)));
        return begun(step, Trigger.CALL, Optional.empty());
    }

    private Lease begun(Lease parent, Trigger trigger, Optional<StepKey> step) {
        var above = Optional.of(parent.run().id());
        var occasion = new Occasion(trigger, Optional.empty(), NOON, 5, above, step);
        var task = parent.run().task();
        var run = new NewRun(stores().leases().newId(), task, 1, occasion);
        var holder = Optional.of(parent.holder());
        return stores().families()
                .enqueue(parent, List.of(run), List.of(), holder)
                .orElseThrow()
                .getFirst();
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
