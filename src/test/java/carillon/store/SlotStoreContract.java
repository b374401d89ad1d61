package carillon.store;

import static carillon.store.Some.MINUTE;
import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import carillon.cluster.Holder;
import carillon.run.Lease;
import carillon.run.Plan;
import carillon.run.Run;
import carillon.run.RunQuery;
import carillon.run.RunState;
import carillon.task.Task;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every slot store must do, whatever the database under it.
abstract class SlotStoreContract extends StoreContract {
    SlotStoreContract(Fixture fixture) {
        super(fixture);
    }

    @Test
    void a_due_task_is_planned_and_its_run_leased() {
        var holder = Some.join(stores(), "a");
        var task = Some.task(stores(), Some.definition("one"));

        var planned = stores().slots().plan(NOON, 10, holder, Some::planNext);

        assertThat(planned.tasks()).isEqualTo(1);
        var lease = planned.leases().getFirst();
        assertThat(lease.run().task()).isEqualTo(task.id());
        assertThat(lease.run().attempt()).isEqualTo(1);
        assertThat(lease.definition()).isEqualTo(task.definition());
        assertThat(lease.holder()).isEqualTo(holder);
        assertThat(stores().runs().find(lease.run().id())).hasValue(lease.run());
        var progress = stores().tasks().find(task.id()).orElseThrow().progress();
        assertThat(progress.nextFireAt()).hasValue(NOON.plus(MINUTE));
        assertThat(progress.plannedUntil()).hasValue(NOON);
        assertThat(progress.planned()).isEqualTo(1);
    }

    @Test
    void a_task_that_is_not_to_be_looked_at_is_left_alone() {
        var holder = Some.join(stores(), "a");
        Some.task(stores(), Some.definition("later"), NOON.plusMillis(1));

        assertThat(stores().slots().plan(NOON, 10, holder, Some::planNext).tasks()).isZero();
        assertThat(stores().slots().nextLook()).hasValue(NOON.plusMillis(1));
    }

    @Test
    void the_soonest_are_planned_first_and_no_more_than_the_limit() {
        var holder = Some.join(stores(), "a");
        Some.task(stores(), Some.definition("late"), NOON);
        var early = Some.task(stores(), Some.definition("early"), NOON.minusSeconds(1));

        var planned = stores().slots().plan(NOON, 1, holder, Some::planNext);

        assertThat(planned.leases())
                .extracting(lease -> lease.run().task())
                .containsExactly(early.id());
    }

    @Test
    void nothing_is_to_be_looked_at_when_no_task_has_a_fire_time_to_come() {
        var holder = Some.join(stores(), "a");
        Some.task(stores(), Some.definition("ends"));
        stores().slots()
                .plan(
                        NOON,
                        10,
                        holder,
                        _ -> new Plan(List.of(), Optional.empty(), Optional.empty(), 0));

        assertThat(stores().slots().nextLook()).isEmpty();
    }

    @Test
    void a_holder_whose_life_has_ended_gets_nothing() {
        var holder = Some.join(stores(), "a");
        Some.task(stores(), Some.definition("one"));
        stores().nodes().leave(holder);

        assertThat(stores().slots().plan(NOON, 10, holder, Some::planNext).leases()).isEmpty();
        assertThat(stores().slots().plan(NOON, 10, new Holder("b", 99), Some::planNext).leases())
                .isEmpty();
        assertThat(runs()).isEmpty();
    }

    @Test
    void a_fire_time_that_has_a_row_is_left_as_it_is() {
        var holder = Some.join(stores(), "a");
        var task = Some.task(stores(), Some.definition("one"));
        var first = stores().slots().plan(NOON, 10, holder, Some::planNext).leases();

        var again = stores().slots().planOne(task.id(), _ -> Some.planNext(task));

        assertThat(again).isPresent();
        assertThat(runs()).containsExactly(first.getFirst().run());
    }

    @Test
    void a_task_planned_by_itself_leaves_runs_that_nobody_holds() {
        var holder = Some.join(stores(), "a");
        var task = Some.task(stores(), Some.definition("one"), NOON.plusSeconds(60));

        assertThat(stores().slots().planOne(task.id(), Some::planNext)).isPresent();

        var run = runs().getFirst();
        assertThat(run.attempt()).isZero();
        assertThat(run.progress().holder()).isEmpty();
        var claimed = stores().leases().claimDue(holder, 10, NOON.plusSeconds(60));
        assertThat(claimed).extracting(lease -> lease.run().id()).containsExactly(run.id());
    }

    @Test
    void a_task_that_is_gone_has_no_plan() {
        var task = Some.task(stores(), Some.definition("one"));
        stores().tasks().delete(task.id());

        assertThat(stores().slots().planOne(task.id(), Some::planNext)).isEmpty();
    }

    @Test
    void many_slots_of_one_task_are_written_at_once() {
        var task = Some.task(stores(), Some.definition("many"));
        var slots =
                IntStream.range(0, 300)
                        .mapToObj(i -> NOON.plus(MINUTE.multipliedBy(i)))
                        .map(at -> (Plan.Slot) new Plan.Slot.Open(at, at))
                        .toList();
        var next = Optional.of(NOON.plus(MINUTE.multipliedBy(300)));

        stores().slots().planOne(task.id(), _ -> new Plan(slots, next, next, 300));

        assertThat(runs()).hasSize(300);
        assertThat(progress(task).planned()).isEqualTo(300);
    }

    @Test
    void closed_slots_of_the_same_fate_share_a_row() {
        var task = Some.task(stores(), Some.definition("paused"));
        close(task, NOON, NOON, 1, "paused");
        close(task, NOON.plus(MINUTE), NOON.plus(MINUTE.multipliedBy(3)), 3, "paused");

        var row = runs().getFirst();
        assertThat(runs()).hasSize(1);
        assertThat(row.state()).isEqualTo(RunState.SKIPPED);
        assertThat(row.count()).isEqualTo(4);
        assertThat(row.occasion().fireTime()).hasValue(NOON);
        assertThat(row.lastFireTime()).hasValue(NOON.plus(MINUTE.multipliedBy(3)));
        assertThat(progress(task).plannedUntil()).hasValue(NOON.plus(MINUTE.multipliedBy(3)));
    }

    @Test
    void closed_slots_of_another_fate_have_a_row_of_their_own() {
        var task = Some.task(stores(), Some.definition("paused"));
        close(task, NOON, NOON, 1, "paused");
        close(task, NOON.plus(MINUTE), NOON.plus(MINUTE), 1, "excluded date");

        assertThat(runs())
                .extracting(run -> run.progress().reason())
                .containsExactly("excluded date", "paused");
    }

    @Test
    void a_closed_slot_after_a_run_has_a_row_of_its_own() {
        var holder = Some.join(stores(), "a");
        var task = Some.task(stores(), Some.definition("paused"));
        close(task, NOON, NOON, 1, "paused");
        stores().slots().plan(NOON.plus(MINUTE), 10, holder, Some::planNext);
        close(
                task,
                NOON.plus(MINUTE.multipliedBy(2)),
                NOON.plus(MINUTE.multipliedBy(2)),
                1,
                "paused");

        assertThat(runs())
                .extracting(Run::state)
                .containsExactly(RunState.SKIPPED, RunState.QUEUED, RunState.SKIPPED);
    }

    @Test
    void a_decision_that_fails_changes_nothing() {
        var task = Some.task(stores(), Some.definition("one"));

        assertThat(
                        catchThrowable(
                                () ->
                                        stores().slots()
                                                .planOne(
                                                        task.id(),
                                                        _ -> {
                                                            throw new IllegalStateException("no");
                                                        })))
                .isInstanceOf(IllegalStateException.class);
        assertThat(progress(task).nextFireAt()).hasValue(NOON);
        assertThat(stores().slots().planOne(task.id(), Some::planNext)).isPresent();
    }

    @Test
    void ids_grow_over_all_that_is_planned() {
        var holder = Some.join(stores(), "a");
        for (int i = 0; i < 50; i++) {
            Some.task(stores(), Some.definition("task " + i));
        }
        var leases = stores().slots().plan(NOON, 100, holder, Some::planNext).leases();

        assertThat(leases).hasSize(50);
        assertThat(leases).extracting(SlotStoreContract::id).isSorted().doesNotHaveDuplicates();
    }

    private static Long id(Lease lease) {
        return lease.run().id().value();
    }

    private void close(Task task, Instant first, Instant last, long count, String reason) {
        stores().slots().planOne(task.id(), Some.closing(first, last, count, reason));
    }

    private Task.Progress progress(Task task) {
        return stores().tasks().find(task.id()).orElseThrow().progress();
    }

    private List<Run> runs() {
        return stores().runs()
                .list(new RunQuery(Optional.empty(), Set.of(), OptionalLong.empty(), 0, 1_000));
    }
}
