package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.action.Step;
import carillon.action.StepKey;
import carillon.action.Wait;
import carillon.action.Workflow;
import carillon.cluster.Holder;
import carillon.run.Lease;
import carillon.run.LeaseStore.NewRun;
import carillon.run.Occasion;
import carillon.run.Run;
import carillon.run.RunEventStore;
import carillon.run.RunEventStore.NewEvent;
import carillon.run.RunEventStore.Told;
import carillon.run.RunState;
import carillon.run.Trigger;
import carillon.task.Policies;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every store of the events that runs are told must do, whatever the database under it.
abstract class RunEventStoreContract extends StoreContract {
    private static final Set<Integer> FIRST = Set.of(0);

    private RunEventStore events;
    private Task task;
    private Holder holder;
    private Lease parent;

    RunEventStoreContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void open() {
        events = stores().runEvents();
        var wait = new Wait(new Wait.Event("go", Optional.empty()));
        var steps = List.of(Step.of("a", wait), Step.of("b", wait));
        var workflow = new Workflow(Workflow.Shape.PARALLEL, steps);
        var definition =
                new TaskDefinition("w", "", Optional.empty(), workflow, Policies.DEFAULT, Map.of());
        task = Some.task(stores(), definition);
        holder = Some.join(stores(), "node-1");
        parent = Some.leased(stores(), task, holder, NOON);
    }

    private static NewEvent event(String body) {
        return new NewEvent("go", body, NOON);
    }

    /// The run of a step, or of an item of it.
    private Run step(int place, int item) {
        var occasion =
                new Occasion(
                        Trigger.WORKFLOW,
                        Optional.empty(),
                        NOON,
                        5,
                        Optional.of(parent.run().id()),
                        Optional.of(new StepKey(place, 0, item)));
        var run =
                new NewRun(
                        stores().leases().newId(),
                        task.id(),
                        task.version(),
                        occasion,
                        Optional.empty());
        var leases =
                stores().families()
                        .enqueue(parent, List.of(run), List.of(), Optional.of(holder))
                        .orElseThrow();
        return leases.getFirst().run();
    }

    private Told tell(String body) {
        return events.tell(parent.run().id(), FIRST, event(body));
    }

    @Test
    void what_comes_early_is_kept_in_its_order_and_given_once() {
        assertThat(tell("1")).isInstanceOf(Told.Kept.class);
        assertThat(tell("2")).isInstanceOf(Told.Kept.class);
        var first = step(0, 1);
        var second = step(0, 2);
        var third = step(0, 3);

        assertThat(events.take(first, "other")).isEmpty();
        assertThat(events.take(first, "go")).contains("1");
        assertThat(events.take(first, "go")).as("the same again").contains("1");
        assertThat(events.take(second, "go")).contains("2");
        assertThat(events.take(third, "go")).isEmpty();
    }

    @Test
    void what_comes_late_ends_the_step_that_has_waited_longest() {
        var other = step(1, 0);
        var first = step(0, 1);
        var second = step(0, 2);

        assertThat(tell("{\"n\":1}"))
                .isInstanceOfSatisfying(
                        Told.Taken.class,
                        taken -> assertThat(taken.step().id()).isEqualTo(first.id()));
        assertThat(tell(""))
                .isInstanceOfSatisfying(
                        Told.Taken.class,
                        taken -> assertThat(taken.step().id()).isEqualTo(second.id()));
        assertThat(tell("3")).isInstanceOf(Told.Kept.class);

        assertThat(stores().runs().find(other.id()).orElseThrow().state())
                .isEqualTo(RunState.QUEUED);
        assertThat(stores().runs().find(first.id()).orElseThrow().state())
                .isEqualTo(RunState.SUCCEEDED);
        assertThat(stores().runs().output(first.id()).body()).isEqualTo("{\"n\":1}");
        assertThat(stores().runs().output(second.id()).isEmpty()).isTrue();
    }

    @Test
    void a_step_that_has_taken_one_gets_no_other() {
        tell("1");
        var first = step(0, 0);
        assertThat(events.take(first, "go")).contains("1");
        assertThat(tell("2")).isInstanceOf(Told.Kept.class);
        assertThat(events.take(first, "go")).contains("1");
    }

    @Test
    void a_run_that_has_ended_and_one_that_keeps_many_are_told_nothing() {
        for (int i = 0; i < RunEventStore.MAX_KEPT; i++) {
            tell("");
        }
        assertThat(tell("")).isInstanceOf(Told.TooMany.class);
        stores().leases().cancel(parent.run().id(), "enough", NOON);
        assertThat(tell("")).isInstanceOf(Told.NotOpen.class);
    }

    /// Steps begin to wait while events come: none is lost and none is given twice.
    @Test
    void none_is_lost_between_steps_that_begin_and_events_that_come() throws Exception {
        int count = 40;
        var work = new ArrayList<Callable<String>>();
        for (int i = 1; i <= count; i++) {
            int item = i;
            work.add(
                    () -> {
                        tell(Integer.toString(item));
                        return "";
                    });
            work.add(() -> Long.toString(step(0, item).id().value()));
        }
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (var done : threads.invokeAll(work)) {
                done.get();
            }
        }
        var brought = new ArrayList<String>();
        for (var step : stores().families().steps(parent.run().id(), 0, 100)) {
            var kept = events.take(step, "go");
            brought.add(kept.orElseThrow(() -> new AssertionError(step.id() + " waits in vain")));
        }
        assertThat(brought).hasSize(count).doesNotHaveDuplicates();
    }
}
