package carillon.store;

import static carillon.store.Some.MINUTE;
import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.cluster.Holder;
import carillon.outbox.Delivery;
import carillon.outbox.Delivery.State;
import carillon.outbox.DeliveryStore;
import carillon.outbox.Ending;
import carillon.run.Lease;
import carillon.run.Output;
import carillon.task.Notify;
import carillon.task.Policies;
import carillon.task.Processing;
import carillon.task.ProcessorUse;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every delivery store must do, and what ends of runs leave in it.
abstract class DeliveryStoreContract extends StoreContract {
    private static final ProcessorUse CONSOLE =
            new ProcessorUse("console", Map.of(), Optional.empty());
    private static final ProcessorUse SLACK =
            new ProcessorUse(
                    "slack", Map.of("url", "https://hooks.example/T0/canary"), Optional.empty());

    private DeliveryStore deliveries;
    private Holder holder;

    DeliveryStoreContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void one_node() {
        deliveries = stores().deliveries();
        holder = Some.join(stores(), "a");
    }

    private Task task(Notify when, ProcessorUse... uses) {
        var plain = Some.definition("one", Policies.DEFAULT);
        return Some.task(
                stores(),
                new TaskDefinition(
                        plain.name(),
                        plain.description(),
                        plain.timetable(),
                        plain.action(),
                        plain.policies(),
                        plain.tags(),
                        Optional.empty(),
                        new Processing(List.of(uses), when)));
    }

    private Lease succeed(Task task, String answer, Instant at) {
        var lease = Some.leased(stores(), task, holder, NOON);
        stores().leases().complete(List.of(Some.success(lease, at, output(answer))));
        return lease;
    }

    private static Output output(String text) {
        return new Output(OptionalInt.empty(), "text/plain", text, false);
    }

    private List<Delivery> of(Lease lease) {
        return deliveries.of(lease.run().id().value());
    }

    @Test
    void a_run_that_succeeds_leaves_one_delivery_for_each_processor() {
        var run = succeed(task(Notify.ALWAYS, CONSOLE, SLACK), "hello", NOON).run();

        var made = deliveries.of(run.id().value());
        assertThat(made).extracting(Delivery::type).containsExactly("console", "slack");
        assertThat(made).extracting(Delivery::position).containsExactly(0, 1);
        assertThat(made.get(1).target()).isEqualTo("https://hooks.example/***");
        assertThat(made).extracting(Delivery::id).doesNotHaveDuplicates();
        assertThat(made.get(0).subject())
                .isEqualTo(new Delivery.Subject(run.id().value(), run.task().value()));
        assertThat(made.get(0).progress())
                .isEqualTo(
                        new Delivery.Progress(
                                State.PENDING,
                                0,
                                NOON.plusMillis(5),
                                "",
                                NOON.plusMillis(5),
                                Optional.empty(),
                                Optional.empty()));
        assertThat(deliveries.nextDue()).contains(NOON.plusMillis(5));
    }

    @Test
    void a_run_that_fails_is_tried_again_or_has_lost_its_lease_leaves_none() {
        var task = task(Notify.ALWAYS, CONSOLE);
        var failed = Some.leased(stores(), task, holder, NOON);
        var retried = Some.leased(stores(), task, holder, NOON);
        var lost = Some.leased(stores(), task, holder, NOON);
        stores().leases().cancel(lost.run().id(), "enough", NOON);
        stores().leases()
                .complete(
                        List.of(
                                Some.failure(failed, NOON),
                                Some.retry(retried, NOON, NOON.plus(MINUTE), output("x")),
                                Some.success(lost, NOON, output("x"))));

        assertThat(of(failed)).isEmpty();
        assertThat(of(retried)).isEmpty();
        assertThat(of(lost)).isEmpty();
        assertThat(deliveries.nextDue()).isEmpty();
        assertThat(deliveries.claim("a", 9, NOON.plus(MINUTE), NOON.plus(MINUTE))).isEmpty();
    }

    @Test
    void on_change_an_output_like_the_one_before_is_not_delivered() {
        var task = task(Notify.ON_CHANGE, CONSOLE);
        var first = succeed(task, "same", NOON);
        var second = succeed(task, "same", NOON.plusSeconds(1));
        var third = succeed(task, "other", NOON.plusSeconds(2));
        var fourth = succeed(task, "same", NOON.plusSeconds(3));

        assertThat(state(first)).isEqualTo(State.PENDING);
        assertThat(state(second)).isEqualTo(State.SKIPPED);
        assertThat(of(second).getFirst().progress().error())
                .isEqualTo("the output is that of the run before");
        assertThat(state(third)).isEqualTo(State.PENDING);
        assertThat(state(fourth)).isEqualTo(State.PENDING);
    }

    @Test
    void on_change_compares_the_runs_that_end_in_one_transaction_in_their_order() {
        var task = task(Notify.ON_CHANGE, CONSOLE);
        var later = Some.leased(stores(), task, holder, NOON);
        var earlier = Some.leased(stores(), task, holder, NOON);
        stores().leases()
                .complete(
                        List.of(
                                Some.success(later, NOON.plusSeconds(1), output("same")),
                                Some.success(earlier, NOON, output("same"))));

        assertThat(state(earlier)).isEqualTo(State.PENDING);
        assertThat(state(later)).isEqualTo(State.SKIPPED);
    }

    @Test
    void always_delivers_what_has_not_changed() {
        var task = task(Notify.ALWAYS, CONSOLE);
        succeed(task, "same", NOON);
        assertThat(state(succeed(task, "same", NOON))).isEqualTo(State.PENDING);
    }

    private State state(Lease lease) {
        return of(lease).getFirst().progress().state();
    }

    @Test
    void a_delivery_is_one_nodes_until_its_time_is_over() {
        succeed(task(Notify.ALWAYS, CONSOLE), "hello", NOON);
        var now = NOON.plusSeconds(1);
        var until = now.plus(MINUTE);

        var claimed = deliveries.claim("a", 9, now, until);
        assertThat(claimed).hasSize(1);
        assertThat(claimed.getFirst().progress().attempts()).isEqualTo(1);
        assertThat(claimed.getFirst().progress().attemptedAt()).contains(now);
        assertThat(deliveries.claim("b", 9, now, until)).isEmpty();
        assertThat(deliveries.nextDue()).contains(until);

        var again = deliveries.claim("b", 9, until, until.plus(MINUTE));
        assertThat(again).hasSize(1);
        assertThat(again.getFirst().id()).isEqualTo(claimed.getFirst().id());
        assertThat(again.getFirst().progress().attempts()).isEqualTo(2);
        assertThat(deliveries.end(claimed.getFirst(), new Ending.Delivered(), until)).isFalse();
        assertThat(deliveries.end(again.getFirst(), new Ending.Delivered(), until)).isTrue();
        assertThat(deliveries.end(again.getFirst(), new Ending.Delivered(), until)).isFalse();
        assertThat(deliveries.nextDue()).isEmpty();
    }

    @Test
    void those_due_longest_are_claimed_first_and_no_more_than_asked_for() {
        var task = task(Notify.ALWAYS, CONSOLE);
        var second = succeed(task, "b", NOON.plusSeconds(1));
        var first = succeed(task, "a", NOON);
        var third = succeed(task, "c", NOON.plusSeconds(2));
        var now = NOON.plus(MINUTE);

        assertThat(deliveries.claim("a", 2, now, now.plus(MINUTE)))
                .extracting(delivery -> delivery.subject().owner())
                .containsExactlyInAnyOrder(id(first), id(second));
        assertThat(deliveries.claim("a", 2, now, now.plus(MINUTE)))
                .extracting(delivery -> delivery.subject().owner())
                .containsExactly(id(third));
    }

    private static long id(Lease lease) {
        return lease.run().id().value();
    }

    @Test
    void a_try_that_failed_is_due_again_and_one_that_was_refused_is_not() {
        succeed(task(Notify.ALWAYS, CONSOLE, SLACK), "hello", NOON);
        var now = NOON.plusSeconds(1);
        var claimed = deliveries.claim("a", 9, now, now.plus(MINUTE));
        var at = now.plus(Duration.ofSeconds(7));
        deliveries.end(claimed.get(0), new Ending.Again(at, "answered 503"), now);
        deliveries.end(claimed.get(1), new Ending.GivenUp("answered 404"), now);

        var found = deliveries.of(claimed.getFirst().subject().owner());
        assertThat(found.get(0).progress().state()).isEqualTo(State.PENDING);
        assertThat(found.get(0).progress().dueAt()).isEqualTo(at);
        assertThat(found.get(0).progress().error()).isEqualTo("answered 503");
        assertThat(found.get(1).progress().state()).isEqualTo(State.FAILED);
        assertThat(found.get(1).progress().error()).isEqualTo("answered 404");
        assertThat(found.get(1).progress().finishedAt()).contains(now);
        assertThat(deliveries.claim("a", 9, at.minusMillis(1), at.plus(MINUTE))).isEmpty();
        assertThat(deliveries.claim("a", 9, at, at.plus(MINUTE))).hasSize(1);
    }

    @Test
    void every_end_of_a_try_is_an_event() {
        var lease = succeed(task(Notify.ALWAYS, CONSOLE, SLACK), "hello", NOON);
        long seen = stores().events().newest();
        var claimed = deliveries.claim("a", 9, NOON.plus(MINUTE), NOON.plus(MINUTE));
        deliveries.end(claimed.get(0), new Ending.Delivered(), NOON);
        deliveries.end(claimed.get(1), new Ending.GivenUp("answered 404"), NOON);

        var events = stores().events().after(seen, 9);
        assertThat(events)
                .extracting(carillon.event.Event::type)
                .containsExactly("delivery.delivered", "delivery.failed");
        assertThat(events.get(1).data())
                .containsEntry("run_id", id(lease))
                .containsEntry("task_id", lease.run().task().value())
                .containsEntry("processor", "slack")
                .containsEntry("target", "https://hooks.example/***")
                .containsEntry("attempt", 1)
                .containsEntry("reason", "answered 404");
    }

    @Test
    void deliveries_go_with_their_task() {
        var task = task(Notify.ON_CHANGE, CONSOLE);
        var lease = succeed(task, "same", NOON);
        stores().tasks().delete(task.id());
        assertThat(of(lease)).isEmpty();
        assertThat(deliveries.nextDue()).isEmpty();
    }

    @Test
    void deliveries_go_with_their_run_but_a_run_stays_while_something_is_to_be_delivered() {
        var task = task(Notify.ALWAYS, CONSOLE);
        var pending = succeed(task, "a", NOON);
        var done = succeed(task, "b", NOON.plusSeconds(1));
        var newest = succeed(task, "c", NOON.plusSeconds(2));
        var now = NOON.plus(MINUTE);
        var claimed = deliveries.claim("a", 9, now, now.plus(MINUTE));
        claimed.stream()
                .filter(delivery -> delivery.subject().owner() != id(pending))
                .forEach(delivery -> deliveries.end(delivery, new Ending.Delivered(), now));

        assertThat(stores().runs().prune(NOON.minus(MINUTE), 1, 100)).isEqualTo(1);
        assertThat(of(done)).isEmpty();
        assertThat(of(pending)).hasSize(1);
        assertThat(of(newest)).hasSize(1);

        deliveries.end(claimed.getFirst(), new Ending.Delivered(), now);
        assertThat(stores().runs().find(pending.run().id())).isPresent();
    }
}
