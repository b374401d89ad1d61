package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.outbox.Backoff;
import carillon.outbox.Carried;
import carillon.outbox.Courier;
import carillon.outbox.Delivery;
import carillon.outbox.Delivery.State;
import carillon.outbox.Outbox;
import carillon.task.Notify;
import carillon.task.Processing;
import carillon.task.ProcessorUse;
import carillon.task.TaskDefinition;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The outbox of a node on a real store, cranked by hand.
@Timeout(60)
final class OutboxTest {
    private final SqliteFixture fixture = new SqliteFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    /// Makes so many deliveries that are due at once; returns the run that they belong to.
    private long make(int count) {
        var stores = fixture.stores();
        var use = new ProcessorUse("console", Map.of(), Optional.empty());
        var plain = Some.definition("one");
        var definition =
                new TaskDefinition(
                        plain.name(),
                        plain.description(),
                        plain.timetable(),
                        plain.action(),
                        plain.policies(),
                        plain.tags(),
                        Optional.empty(),
                        new Processing(Collections.nCopies(count, use), Notify.ALWAYS));
        var task = Some.task(stores, definition);
        var lease = Some.leased(stores, task, Some.join(stores, "a"), NOON);
        stores.leases().complete(List.of(Some.success(lease, NOON.minusSeconds(1))));
        return lease.run().id().value();
    }

    private interface Try {
        Carried of(Delivery delivery) throws InterruptedException;
    }

    private Outbox outbox(int maxUnderWay, Try work) {
        var courier =
                new Courier() {
                    @Override
                    public Carried carry(Delivery delivery) throws InterruptedException {
                        return work.of(delivery);
                    }

                    @Override
                    public Backoff backoff(Delivery delivery) {
                        return Backoff.DEFAULT;
                    }
                };
        return new Outbox(
                fixture.stores().deliveries(),
                Map.of(Delivery.Kind.PROCESSOR, courier),
                new Outbox.Settings("a", maxUnderWay),
                fixture.time(),
                new Random(1));
    }

    private List<State> states(long run) {
        return fixture.stores().deliveries().of(run).stream()
                .map(delivery -> delivery.progress().state())
                .toList();
    }

    private void await(long run, State state, int count) {
        Awaitility.await().until(() -> Collections.frequency(states(run), state) == count);
    }

    @Test
    void each_is_carried_once_and_never_more_at_a_time_than_there_is_room_for() {
        long run = make(20);
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        var carried = new ConcurrentLinkedQueue<Long>();
        try (var outbox =
                outbox(
                        3,
                        delivery -> {
                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                            carried.add(delivery.id());
                            now.decrementAndGet();
                            return new Carried.Done();
                        })) {
            Awaitility.await()
                    .until(
                            () -> {
                                var next = outbox.runOnce(fixture.time().instant());
                                assertThat(next).isBeforeOrEqualTo(NOON.plusSeconds(1));
                                return Collections.frequency(states(run), State.DELIVERED) == 20;
                            });
        }
        assertThat(carried).hasSize(20).doesNotHaveDuplicates();
        assertThat(most.get()).isLessThanOrEqualTo(3);
    }

    @Test
    void a_slow_target_holds_up_only_its_own_delivery() throws InterruptedException {
        long run = make(3);
        var go = new CountDownLatch(1);
        try (var outbox =
                outbox(
                        10,
                        delivery -> {
                            if (delivery.position() == 0) {
                                go.await();
                            }
                            return new Carried.Done();
                        })) {
            assertThat(outbox.runOnce(NOON)).isAfterOrEqualTo(NOON);
            await(run, State.DELIVERED, 2);
            assertThat(states(run)).contains(State.PENDING);
            go.countDown();
            await(run, State.DELIVERED, 3);
        }
    }

    @Test
    void what_is_under_way_when_the_node_stops_is_due_again_at_once() {
        long run = make(1);
        var begun = new CountDownLatch(1);
        var outbox =
                outbox(
                        1,
                        _ -> {
                            begun.countDown();
                            new CountDownLatch(1).await();
                            return new Carried.Done();
                        });
        outbox.runOnce(NOON);
        Awaitility.await().until(() -> begun.getCount() == 0);
        outbox.close();

        var left = fixture.stores().deliveries().of(run).getFirst().progress();
        assertThat(left.state()).isEqualTo(State.PENDING);
        assertThat(left.dueAt()).isEqualTo(NOON);
        assertThat(left.error()).isEqualTo("the node stopped in the middle");
        try (var next = outbox(1, _ -> new Carried.Done())) {
            assertThat(next.runOnce(NOON)).isAfterOrEqualTo(NOON);
            await(run, State.DELIVERED, 1);
        }
    }

    @Test
    void what_a_dead_node_had_in_hand_is_taken_over_when_its_time_is_over() {
        long run = make(1);
        var taken = fixture.stores().deliveries().claim("dead", 1, NOON, NOON.plus(Outbox.LEASE));
        assertThat(taken).hasSize(1);
        try (var outbox = outbox(1, _ -> new Carried.Done())) {
            assertThat(outbox.runOnce(NOON.plusSeconds(59))).isAfter(NOON);
            assertThat(states(run)).containsExactly(State.PENDING);
            fixture.time().set(NOON.plus(Outbox.LEASE));
            assertThat(outbox.runOnce(NOON.plus(Outbox.LEASE))).isAfter(NOON);
            await(run, State.DELIVERED, 1);
        }
        assertThat(fixture.stores().deliveries().of(run).getFirst().progress().attempts())
                .isEqualTo(2);
    }

    @Test
    void a_courier_that_breaks_costs_an_attempt_and_no_more() {
        long run = make(1);
        try (var outbox =
                outbox(
                        1,
                        _ -> {
                            throw new IllegalStateException("planted");
                        })) {
            assertThat(outbox.runOnce(NOON)).isAfterOrEqualTo(NOON);
            Awaitility.await()
                    .until(
                            () ->
                                    fixture.stores()
                                            .deliveries()
                                            .of(run)
                                            .getFirst()
                                            .progress()
                                            .error()
                                            .equals("failed inside the server; see its log"));
            var due = fixture.stores().deliveries().nextDue().orElseThrow();
            assertThat(due).isBetween(NOON.plusMillis(2_500), NOON.plus(Duration.ofSeconds(5)));
        }
    }
}
