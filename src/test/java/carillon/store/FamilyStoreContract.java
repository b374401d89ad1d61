package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import carillon.action.Nothing;
import carillon.action.Step;
import carillon.action.StepKey;
import carillon.action.Workflow;
import carillon.cluster.Holder;
import carillon.run.FamilyStore;
import carillon.run.FamilyStore.NotDone;
import carillon.run.Lease;
import carillon.run.LeaseStore;
import carillon.run.LeaseStore.NewRun;
import carillon.run.Occasion;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunQuery;
import carillon.run.RunState;
import carillon.run.Trigger;
import carillon.task.Policies;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every store of the runs that others see to must do, whatever the database under it.
abstract class FamilyStoreContract extends StoreContract {
    private static final StepKey FIRST = new StepKey(0, 0, 0);
    private static final StepKey SECOND = new StepKey(1, 2, 3);

    private FamilyStore families;
    private Task task;
    private Holder holder;
    private Lease parent;

    FamilyStoreContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void open() {
        families = stores().families();
        var steps = List.of(Step.of("a", new Nothing()), Step.of("b", new Nothing()));
        var workflow = new Workflow(Workflow.Shape.PARALLEL, steps);
        var definition =
                new TaskDefinition("w", "", Optional.empty(), workflow, Policies.DEFAULT, Map.of());
        task = Some.task(stores(), definition);
        holder = Some.join(stores(), "node-1");
        parent = Some.leased(stores(), task, holder, NOON);
    }

    private NewRun step(StepKey key, String input) {
        var occasion =
                new Occasion(
                        Trigger.WORKFLOW,
                        Optional.empty(),
                        NOON,
                        5,
                        Optional.of(parent.run().id()),
                        Optional.of(key));
        return new NewRun(
                stores().leases().newId(), task.id(), task.version(), occasion, Optional.of(input));
    }

    @Test
    void children_are_written_with_what_they_are_given_and_found() {
        var first = step(FIRST, "{\"a\":1}");
        var skipped = step(SECOND, "{}");
        var leases =
                families.enqueue(
                                parent,
                                List.of(first),
                                List.of(new NotDone(skipped, "not now")),
                                Optional.of(holder))
                        .orElseThrow();

        assertThat(leases)
                .singleElement()
                .extracting(lease -> lease.run().id())
                .isEqualTo(first.id());
        assertThat(leases.getFirst().definition().action()).isEqualTo(new Nothing());
        assertThat(stores().runs().input(first.id())).contains("{\"a\":1}");
        assertThat(families.children(parent.run().id(), 0, 10))
                .extracting(child -> child.step().orElseThrow(), FamilyStore.Child::state)
                .containsExactly(tuple(FIRST, RunState.QUEUED), tuple(SECOND, RunState.SKIPPED));
        assertThat(families.children(parent.run().id(), first.id().value(), 10)).hasSize(1);
        assertThat(families.steps(parent.run().id(), 0, 1)).hasSize(1);
        var reason = stores().runs().find(skipped.id()).orElseThrow().progress().reason();
        assertThat(reason).isEqualTo("not now");
    }

    @Test
    void a_step_is_no_run_of_its_task() {
        begin(step(FIRST, "{}"));

        var query = new RunQuery(Optional.of(task.id()), Set.of(), OptionalLong.empty(), 0, 10);
        assertThat(stores().runs().list(query))
                .extracting(Run::id)
                .containsExactly(parent.run().id());
        assertThat(stores().runs().count(query)).isEqualTo(1);
        assertThat(stores().oneShots().newestRuns(List.of(task.id())).values())
                .extracting(Run::id)
                .containsExactly(parent.run().id());
    }

    private List<Lease> begin(NewRun... runs) {
        return families.enqueue(parent, List.of(runs), List.of(), Optional.of(holder))
                .orElseThrow();
    }

    @Test
    void a_parent_that_was_taken_away_begins_nothing() {
        stores().leases().complete(List.of(Some.success(parent, NOON)));

        var step = step(FIRST, "{}");
        assertThat(families.enqueue(parent, List.of(step), List.of(), Optional.of(holder)))
                .isEmpty();
        assertThat(stores().runs().find(step.id())).isEmpty();
    }

    @Test
    void the_same_step_is_never_begun_twice() {
        begin(step(FIRST, "{}"));

        var again = step(FIRST, "{}");
        assertThatThrownBy(() -> begin(again)).isInstanceOf(StoreException.class);
        assertThat(stores().runs().find(again.id())).isEmpty();
    }

    @Test
    void a_queued_step_is_claimed_as_what_it_is() {
        families.enqueue(parent, List.of(step(SECOND, "{}")), List.of(), Optional.empty());

        var claimed = stores().leases().claimDue(holder, 10, NOON);
        assertThat(claimed).hasSize(1);
        assertThat(claimed.getFirst().run().occasion().step()).contains(SECOND);
        assertThat(claimed.getFirst().definition().action()).isEqualTo(new Nothing());
        assertThat(claimed.getFirst().definition().timetable()).isEmpty();
    }

    @Test
    void children_are_cancelled_with_their_parent() {
        var step = begin(step(FIRST, "{}")).getFirst();

        stores().leases().cancel(parent.run().id(), "enough", NOON);
        var child = stores().runs().find(step.run().id()).orElseThrow();
        assertThat(child.state()).isEqualTo(RunState.CANCELLED);
        assertThat(stores().leases().complete(List.of(Some.success(step, NOON)))).hasSize(1);
    }

    @Test
    void a_decision_ends_what_waits_for_it_once() {
        var step = begin(step(FIRST, "{}")).getFirst();
        var output = new Output(OptionalInt.empty(), "application/json", "{}", false);
        var id = step.run().id();

        assertThat(families.decide(id, RunState.SUCCEEDED, "yes", output, NOON)).isTrue();
        assertThat(families.decide(id, RunState.FAILED, "no", output, NOON)).isFalse();
        var decided = stores().runs().find(id).orElseThrow();
        assertThat(decided.state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(decided.progress().reason()).isEqualTo("yes");
        assertThat(stores().runs().output(id)).isEqualTo(output);
    }

    @Test
    void steps_are_forgotten_before_their_workflow() {
        var step = begin(step(FIRST, "{}")).getFirst();
        stores().leases().complete(List.of(Some.success(step, NOON)));
        stores().leases().complete(List.of(Some.success(parent, NOON)));

        var later = NOON.plusSeconds(60);
        for (int i = 0; i < 5; i++) {
            stores().runs().prune(later, 1_000, 100);
        }
        assertThat(stores().runs().find(step.run().id())).isEmpty();
        assertThat(stores().runs().find(parent.run().id())).isEmpty();
        assertThat(stores().runs().input(step.run().id())).isEmpty();
    }

    @Test
    void steps_go_with_their_task() {
        var step = begin(step(FIRST, "{}")).getFirst();

        stores().tasks().delete(task.id());
        assertThat(stores().runs().find(step.run().id())).isEmpty();
        assertThat(stores().runs().input(step.run().id())).isEmpty();
    }

    @Test
    void no_number_of_dead_nodes_is_held_against_a_run_that_only_sees_to_others() {
        for (int i = 0; i < 5; i++) {
            stores().leases().markRunning(List.of(new LeaseStore.Begun(parent, NOON)));
            Some.join(stores(), "node-1"); // The life before it is over.
            stores().leases().rescue(NOON, 10);
            holder = Some.join(stores(), "node-1");
            parent = stores().leases().claimDue(holder, 10, NOON).getFirst();
        }
        var run = stores().runs().find(parent.run().id()).orElseThrow();
        assertThat(run.state()).isEqualTo(RunState.QUEUED);
        assertThat(run.progress().attemptsUsed()).isEqualTo(1);
    }
}
