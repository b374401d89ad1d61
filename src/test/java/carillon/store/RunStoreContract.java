package carillon.store;

import static carillon.run.RunState.CANCELLED;
import static carillon.run.RunState.FAILED;
import static carillon.run.RunState.QUEUED;
import static carillon.run.RunState.RUNNING;
import static carillon.run.RunState.SKIPPED;
import static carillon.run.RunState.SUCCEEDED;
import static carillon.store.Some.MINUTE;
import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.cluster.Holder;
import carillon.run.Lease;
import carillon.run.LeaseStore.Begun;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunQuery;
import carillon.run.RunState;
import carillon.run.RunStore;
import carillon.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every run store must do, whatever the database under it.
abstract class RunStoreContract extends StoreContract {
    private static final Instant END = NOON.plus(Duration.ofDays(1));

    private RunStore runs;
    private Task task;
    private Holder a;

    RunStoreContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void one_task_and_one_node() {
        runs = stores().runs();
        task = Some.task(stores(), Some.definition("one"));
        a = Some.join(stores(), "a");
    }

    @Test
    void runs_are_listed_newest_first_and_paged_by_id_or_offset() {
        var first = lease().run();
        var second = lease().run();
        var third = lease().run();

        assertThat(runs.list(query())).containsExactly(third, second, first);
        assertThat(list(OptionalLong.of(third.id().value()), 0, 1)).containsExactly(second);
        assertThat(list(OptionalLong.empty(), 1, 1)).containsExactly(second);
        assertThat(runs.find(new RunId(1))).isEmpty();
    }

    @Test
    void runs_are_found_by_task_and_by_any_set_of_states() {
        var other = Some.task(stores(), Some.definition("other"));
        var succeeded = lease();
        var failed = lease();
        var cancelled = lease();
        var running = lease();
        var foreign = Some.leased(stores(), other, a, NOON);
        stores().leases().complete(List.of(Some.success(succeeded, NOON)));
        stores().leases().complete(List.of(Some.failure(failed, NOON)));
        stores().leases().cancel(cancelled.run().id(), "enough", NOON);
        stores().leases().markRunning(List.of(new Begun(running, NOON)));

        assertFound(Set.of(SUCCEEDED), succeeded);
        assertFound(Set.of(FAILED), failed);
        assertFound(Set.of(FAILED, CANCELLED), cancelled, failed);
        assertFound(Set.of(FAILED, SUCCEEDED), failed, succeeded);
        assertFound(Set.of(RUNNING), running);
        assertFound(Set.of(QUEUED, RUNNING), foreign, running);
        assertFound(Set.of(RUNNING, CANCELLED), running, cancelled);
        assertFound(Set.of(SKIPPED));
        var ofTask = new RunQuery(Optional.of(task.id()), Set.of(), OptionalLong.empty(), 0, 9);
        assertThat(runs.list(ofTask)).hasSize(4);
        assertThat(runs.count(ofTask)).isEqualTo(4);
    }

    private void assertFound(Set<RunState> states, Lease... expected) {
        var query = new RunQuery(Optional.empty(), states, OptionalLong.empty(), 0, 9);
        assertThat(runs.list(query))
                .extracting(Run::id)
                .containsExactly(
                        List.of(expected).stream()
                                .map(lease -> lease.run().id())
                                .toArray(RunId[]::new));
        assertThat(runs.count(query)).isEqualTo(expected.length);
        var paged = new RunQuery(Optional.empty(), states, OptionalLong.of(Long.MAX_VALUE), 1, 9);
        assertThat(runs.list(paged)).hasSize(Math.max(0, expected.length - 1));
    }

    @Test
    void outputs_of_several_runs_are_read_at_once() {
        var with = lease();
        var without = lease();
        var output = new Output(OptionalInt.of(200), "text/plain", "fine", false);
        stores().leases()
                .complete(List.of(Some.success(with, NOON, output), Some.success(without, NOON)));

        assertThat(runs.outputs(List.of(with.run().id(), without.run().id())))
                .isEqualTo(Map.of(with.run().id(), output));
        assertThat(runs.output(without.run().id())).isEqualTo(Output.NONE);
        assertThat(runs.outputs(List.of())).isEmpty();
    }

    @Test
    void the_attempt_under_way_is_listed_last() {
        var lease = lease();
        assertThat(runs.attempts(lease.run().id())).isEmpty();

        stores().leases().markRunning(List.of(new Begun(lease, NOON)));

        var attempt = runs.attempts(lease.run().id()).getFirst();
        assertThat(attempt.state()).isEqualTo(RUNNING);
        assertThat(attempt.startedAt()).hasValue(NOON);
        assertThat(attempt.finishedAt()).isEmpty();
        assertThat(attempt.node()).hasValue("a");
    }

    @Test
    void a_run_cancelled_while_it_waits_for_its_next_attempt_keeps_its_output() {
        var lease = lease();
        var output = new Output(OptionalInt.of(503), "text/plain", "busy", false);
        stores().leases().complete(List.of(Some.retry(lease, NOON, END, output)));

        stores().leases().cancel(lease.run().id(), "enough", NOON);

        assertThat(runs.output(lease.run().id())).isEqualTo(output);
        assertThat(runs.attempts(lease.run().id())).hasSize(1);
    }

    @Test
    void the_last_ended_run_is_the_newest_that_had_an_attempt() {
        var ended = lease();
        stores().leases().complete(List.of(Some.failure(ended, NOON)));
        var neverBegun = lease();
        stores().leases().cancel(neverBegun.run().id(), "enough", NOON);
        lease();
        var idle = Some.task(stores(), Some.definition("idle"));

        assertThat(runs.lastEnded(List.of(task.id(), idle.id())))
                .isEqualTo(Map.of(task.id(), runs.find(ended.run().id()).orElseThrow()));
    }

    @Test
    void slots_are_listed_by_fire_time_and_ranges_that_touch_are_among_them() {
        closed(0, 2);
        open(3);
        open(4);
        closed(5, 9);

        assertThat(slots(minute(1), minute(5))).containsExactly(minute(0), minute(3), minute(4));
        assertThat(slots(minute(3), minute(4))).containsExactly(minute(3));
        assertThat(slots(minute(9), END)).containsExactly(minute(5));
        assertThat(slots(minute(9).plusMillis(1), END)).isEmpty();
        assertThat(slots(NOON.minusSeconds(9), NOON)).isEmpty();
        assertThat(runs.slots(task.id(), NOON, END, Optional.of(minute(3)), 1))
                .extracting(run -> run.occasion().fireTime().orElseThrow())
                .containsExactly(minute(4));
    }

    @Test
    void runs_that_no_schedule_asked_for_are_no_slots() {
        lease();

        assertThat(slots(NOON, END)).isEmpty();
        assertThat(runs.tally(task.id(), NOON, END).counts()).isEmpty();
    }

    @Test
    void the_tally_counts_slots_and_leaves_ranges_over_its_ends_to_the_caller() {
        closed(0, 2);
        open(3);
        open(4);
        closed(5, 9);

        var whole = runs.tally(task.id(), NOON, END);
        assertThat(whole.counts()).isEqualTo(Map.of(SKIPPED, 8L, QUEUED, 2L));
        assertThat(whole.cut()).isEmpty();
        var part = runs.tally(task.id(), minute(1), minute(7));
        assertThat(part.counts()).isEqualTo(Map.of(QUEUED, 2L));
        assertThat(part.cut())
                .extracting(run -> run.occasion().fireTime().orElseThrow())
                .containsExactly(minute(0), minute(5));
        var inside = runs.tally(task.id(), minute(6), minute(7));
        assertThat(inside.counts()).isEmpty();
        assertThat(inside.cut()).hasSize(1);
    }

    @Test
    void old_runs_are_forgotten_with_what_belongs_to_them_but_open_ones_stay() {
        var old = lease();
        var output = new Output(OptionalInt.of(200), "text/plain", "fine", false);
        stores().leases().complete(List.of(Some.retry(old, NOON, NOON, output)));
        var again = stores().leases().claimDue(a, 1, NOON).getFirst();
        stores().leases().complete(List.of(Some.success(again, NOON, output)));
        var open = lease();
        var young = lease();
        stores().leases().complete(List.of(Some.success(young, NOON.plusSeconds(60))));

        assertThat(runs.prune(NOON.plusSeconds(30), 1_000, 100)).isEqualTo(1);

        assertThat(runs.list(query()))
                .extracting(Run::id)
                .containsExactly(young.run().id(), open.run().id());
        assertThat(runs.output(old.run().id())).isEqualTo(Output.NONE);
        assertThat(runs.attempts(old.run().id())).isEmpty();
        assertThat(runs.prunedUntil(task.id())).isEmpty();
    }

    @Test
    void what_is_beyond_a_tasks_number_is_forgotten_the_oldest_first() {
        var other = Some.task(stores(), Some.definition("other"));
        stores().leases()
                .complete(List.of(Some.success(Some.leased(stores(), other, a, NOON), NOON)));
        for (int i = 0; i < 6; i++) {
            stores().leases().complete(List.of(Some.success(lease(), NOON)));
        }
        var before = runs.list(query());

        assertThat(runs.prune(Instant.EPOCH, 3, 2)).isEqualTo(2);
        assertThat(runs.prune(Instant.EPOCH, 3, 100)).isEqualTo(1);
        assertThat(runs.prune(Instant.EPOCH, 3, 100)).isZero();

        assertThat(runs.list(query()))
                .containsExactly(before.get(0), before.get(1), before.get(2), before.get(6));
        stores().leases().complete(List.of(Some.success(lease(), NOON)));
        assertThat(runs.prune(Instant.EPOCH, 3, 100)).isEqualTo(1);
    }

    @Test
    void many_are_forgotten_in_several_short_transactions() {
        var ends = IntStream.range(0, 501).mapToObj(_ -> Some.success(lease(), NOON)).toList();
        stores().leases().complete(ends);
        long before = stores().figures().purges();

        assertThat(runs.prune(NOON.plusSeconds(1), 1_000, 1_000)).isEqualTo(501);

        assertThat(stores().figures().purges() - before).isBetween(2L, 11L);
        assertThat(runs.list(query())).isEmpty();
    }

    @Test
    void how_far_the_ledger_has_been_pruned_is_remembered() {
        closed(0, 2);
        open(3);
        time().set(END);
        closed(4, 4);

        assertThat(runs.prune(END, 1_000, 100)).isEqualTo(1);

        assertThat(runs.prunedUntil(task.id())).hasValue(minute(2).plusMillis(1));
        assertThat(slots(NOON, END)).containsExactly(minute(3), minute(4));
    }

    private Lease lease() {
        return Some.leased(stores(), task, a, NOON);
    }

    private static Instant minute(int number) {
        return NOON.plus(MINUTE.multipliedBy(number));
    }

    private void closed(int first, int last) {
        stores().slots()
                .planOne(
                        task.id(),
                        Some.closing(minute(first), minute(last), last - first + 1, "paused"));
    }

    private void open(int number) {
        stores().slots()
                .planOne(
                        task.id(),
                        found -> {
                            assertThat(found.progress().nextFireAt()).hasValue(minute(number));
                            return Some.planNext(found);
                        });
    }

    private List<Instant> slots(Instant from, Instant to) {
        return runs.slots(task.id(), from, to, Optional.empty(), 100).stream()
                .map(run -> run.occasion().fireTime().orElseThrow())
                .toList();
    }

    private List<Run> list(OptionalLong before, int offset, int limit) {
        return runs.list(new RunQuery(Optional.empty(), Set.of(), before, offset, limit));
    }

    private static RunQuery query() {
        return new RunQuery(Optional.empty(), Set.of(), OptionalLong.empty(), 0, 100);
    }
}
