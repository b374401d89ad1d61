package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import carillon.event.Event;
import carillon.event.EventStore;
import carillon.run.LeaseStore.Begun;
import carillon.run.LeaseStore.NewRun;
import carillon.run.Output;
import carillon.task.ConcurrencyPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every event store must do, and which events the other stores write.
abstract class EventStoreContract extends StoreContract {
    private EventStore events;
    private long before;

    EventStoreContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void from_now_on() {
        events = stores().events();
        before = events.newest();
    }

    @Test
    void a_task_tells_of_its_changes() {
        var task = Some.task(stores(), Some.definition("one"));
        var definition = Some.definition("two");
        stores().tasks().addVersion(Some.version(task, 2, definition, NOON), 1);
        stores().tasks().setPaused(task.id(), true, NOON);
        stores().tasks().setPaused(task.id(), true, NOON);
        stores().tasks().setPaused(task.id(), false, NOON);
        stores().tasks().delete(task.id());

        assertThat(types())
                .containsExactly(
                        "task.created",
                        "task.updated",
                        "task.paused",
                        "task.resumed",
                        "task.deleted");
        assertThat(all().get(1).data())
                .isEqualTo(Map.of("task_id", task.id().value(), "name", "two", "version", 2));
    }

    @Test
    void a_run_tells_of_its_life() {
        var holder = Some.join(stores(), "a");
        var task = Some.task(stores(), Some.definition("one"));
        var lease = stores().slots().plan(NOON, 1, holder, Some::planNext).leases().getFirst();
        stores().leases().markRunning(List.of(new Begun(lease, NOON)));
        stores().leases().complete(List.of(Some.retry(lease, NOON, NOON, Output.NONE)));
        var again = stores().leases().claimDue(holder, 1, NOON).getFirst();
        stores().leases().complete(List.of(Some.failure(again, NOON)));
        stores().leases().complete(List.of(Some.failure(again, NOON)));

        assertThat(types())
                .containsExactly(
                        "task.created", "run.queued", "run.running", "run.retrying", "run.failed");
        assertThat(all().getLast().at()).isEqualTo(NOON);
        assertThat(all().getLast().data())
                .isEqualTo(
                        Map.of(
                                "task_id",
                                task.id().value(),
                                "run_id",
                                lease.run().id().value(),
                                "state",
                                "FAILED",
                                "trigger",
                                "SCHEDULE",
                                "fire_time",
                                NOON.toString(),
                                "attempt",
                                2,
                                "count",
                                1L,
                                "reason",
                                "refused"));
    }

    @Test
    void every_other_end_is_told_of() {
        var holder = Some.join(stores(), "a");
        var policies = Some.policies(ConcurrencyPolicy.FORBID);
        var task = Some.task(stores(), Some.definition("one", policies));
        var first = Some.leased(stores(), task, holder, NOON);
        var second = Some.leased(stores(), task, holder, NOON);
        stores().leases().start(List.of(first, second), NOON);
        stores().leases().cancel(first.run().id(), "enough", NOON);
        stores().slots().planOne(task.id(), Some.closing(NOON, NOON, 1, "paused"));
        Some.leased(stores(), task, holder, NOON);
        stores().leases().rescue(NOON.plusSeconds(30), 10);

        assertThat(types().stream().skip(1))
                .containsExactly(
                        "run.queued",
                        "run.queued",
                        "run.running",
                        "run.skipped",
                        "run.cancelled",
                        "run.skipped",
                        "run.queued",
                        "run.queued");
    }

    @Test
    void ids_grow_and_reading_goes_on_anywhere() {
        var task = Some.task(stores(), Some.definition("one"));
        var three = Stream.generate(() -> Some.manualRun(stores(), task, NOON)).limit(3).toList();
        stores().leases().enqueue(three, Optional.empty());
        stores().leases().enqueue(List.of(Some.manualRun(stores(), task, NOON)), Optional.empty());

        var all = all();
        assertThat(all).hasSize(5);
        assertThat(all).extracting(Event::id).isSorted().doesNotHaveDuplicates();
        for (int i = 0; i < all.size(); i++) {
            assertThat(events.after(all.get(i).id(), 100))
                    .isEqualTo(all.subList(i + 1, all.size()));
        }
        assertThat(events.after(before, 2)).isEqualTo(all.subList(0, 2));
        assertThat(events.newest()).isEqualTo(all.getLast().id());
    }

    @Test
    void more_events_than_a_page_holds_are_all_kept() {
        var task = Some.task(stores(), Some.definition("one"));
        var many = new ArrayList<NewRun>();
        for (int i = 0; i < EventPage.WIDTH + 5; i++) {
            many.add(Some.manualRun(stores(), task, NOON));
        }
        stores().leases().enqueue(many, Optional.empty());

        assertThat(events.after(before, 20_000))
                .hasSize(EventPage.WIDTH + 6)
                .extracting(Event::id)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void a_write_that_fails_tells_nothing() {
        var task = Some.task(stores(), Some.definition("one"));
        var run = Some.manualRun(stores(), task, NOON);
        stores().leases().enqueue(List.of(run), Optional.empty());
        var newest = events.newest();

        assertThat(catchThrowable(() -> stores().leases().enqueue(List.of(run), Optional.empty())))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("could not write 1 runs");
        assertThat(events.newest()).isEqualTo(newest);
    }

    @Test
    void old_events_are_forgotten_but_numbers_are_not_used_again() {
        Some.task(stores(), Some.definition("one"));
        Some.task(stores(), Some.definition("two"));
        var newest = events.newest();

        assertThat(events.prune(NOON, 10)).isZero();
        assertThat(events.prune(NOON.plusMillis(1), 10)).isEqualTo(1);

        assertThat(events.newest()).isEqualTo(newest);
        Some.task(stores(), Some.definition("three"));
        assertThat(all()).hasSize(2).extracting(Event::id).first().isEqualTo(newest);
    }

    private List<Event> all() {
        return events.after(before, 1_000);
    }

    private List<String> types() {
        return all().stream().map(Event::type).toList();
    }
}
