package carillon.store;

import static carillon.store.Some.NOON;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.action.PromptCall;
import carillon.audit.AuditQuery;
import carillon.cluster.Holder;
import carillon.oneshot.ClientName;
import carillon.oneshot.OneShotQuery;
import carillon.oneshot.OneShotStore;
import carillon.oneshot.OneShotStore.Created;
import carillon.run.RunState;
import carillon.task.Policies;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the names of clients and one-shot tasks must show, whatever the database under them.
abstract class OneShotStoreContract extends StoreContract {
    private OneShotStore oneShots;

    OneShotStoreContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void open() {
        oneShots = stores().oneShots();
    }

    private static TaskDefinition definition(String name) {
        return new TaskDefinition(
                "listed " + name,
                "",
                Optional.empty(),
                PromptCall.of("echo", name),
                Policies.DEFAULT,
                Map.of());
    }

    private static ClientName name(String id) {
        return new ClientName(Some.LIST, id, Optional.empty(), Optional.empty());
    }

    private static ClientName inBatch(String id, String batch) {
        return new ClientName(Some.LIST, id, Optional.of(batch), Optional.empty());
    }

    private static ClientName once(String id, String key, String fingerprint) {
        var once = new ClientName.Once(key, fingerprint);
        return new ClientName(Some.LIST, id, Optional.empty(), Optional.of(once));
    }

    private Task newTask(String name, Instant at) {
        var id = stores().tasks().newId();
        var none = new Task.Progress(Optional.empty(), Optional.empty(), 0);
        return new Task(id, Some.LIST, 1, definition(name), false, at, at, none);
    }

    private Created create(Task task, ClientName name) {
        var first = Some.version(task, 1, task.definition(), NOON);
        return oneShots.create(task, first, name, Optional.empty(), Optional.empty());
    }

    private TaskId made(ClientName name, Instant at) {
        var task = newTask(name.id(), at);
        assertThat(create(task, name)).isEqualTo(new Created.Done(List.of()));
        return task.id();
    }

    private TaskId made(String id) {
        return made(name(id), NOON);
    }

    @Test
    void a_task_is_found_by_its_name_until_it_is_deleted() {
        var named = inBatch("a", "b");
        var task = made(named, NOON);

        assertThat(oneShots.find(Some.LIST, "a")).hasValue(task);
        assertThat(oneShots.find("other", "a")).isEmpty();
        assertThat(oneShots.find(Some.LIST, "A")).isEmpty();
        assertThat(oneShots.names(Some.LIST, List.of(task, new TaskId(5))))
                .isEqualTo(Map.of(task, named));
        assertThat(oneShots.names("other", List.of(task))).isEmpty();

        stores().tasks().delete(task);

        assertThat(oneShots.find(Some.LIST, "a")).isEmpty();
        assertThat(made("a")).isNotEqualTo(task);
    }

    @Test
    void an_id_is_unique_in_its_api_and_a_refused_task_is_not_written() {
        made("a");
        var second = newTask("second", NOON);

        assertThat(create(second, name("a"))).isEqualTo(new Created.IdTaken());
        assertThat(stores().tasks().find(second.id())).isEmpty();
        var elsewhere = new ClientName("other", "a", Optional.empty(), Optional.empty());
        assertThat(create(second, elsewhere)).isInstanceOf(Created.Done.class);
    }

    @Test
    void a_key_that_was_used_is_told_with_its_request_before_the_id_is() {
        var first = made(once("a", "k", "f"), NOON);
        made(once("b", "l", "f"), NOON);

        assertThat(create(newTask("n", NOON), once("a", "k", "f")))
                .isEqualTo(new Created.KeyUsed(first, "f"));
        assertThat(create(newTask("n", NOON), once("c", "k", "g")))
                .isEqualTo(new Created.KeyUsed(first, "f"));
        assertThat(create(newTask("n", NOON), once("a", "m", "f")))
                .isEqualTo(new Created.IdTaken());
    }

    @Test
    void the_first_run_is_written_with_the_task_and_leased_where_there_is_a_holder() {
        var node = Some.join(stores(), "node-1");
        var waiting = newTask("waiting", NOON);
        var leased = newTask("leased", NOON);

        assertThat(started(waiting, Optional.empty())).isEqualTo(new Created.Done(List.of()));
        var done = (Created.Done) started(leased, Optional.of(node));

        assertThat(done.leases()).hasSize(1);
        assertThat(done.leases().getFirst().run().task()).isEqualTo(leased.id());
        assertThat(done.leases().getFirst().definition()).isEqualTo(leased.definition());
        var runs = oneShots.newestRuns(List.of(waiting.id(), leased.id()));
        assertThat(requireNonNull(runs.get(waiting.id())).progress().holder()).isEmpty();
        assertThat(requireNonNull(runs.get(leased.id())).progress().holder()).hasValue(node);
        assertThat(oneShots.openRuns(Some.LIST)).isEqualTo(Map.of(RunState.QUEUED, 2L));
        assertThat(oneShots.openRuns("other")).isEmpty();
    }

    private Created started(Task task, Optional<Holder> holder) {
        var first = Some.version(task, 1, task.definition(), NOON);
        var run = Some.manualRun(stores(), task, NOON);
        return oneShots.create(
                task, first, name(task.definition().name()), Optional.of(run), holder);
    }

    @Test
    void tasks_are_listed_by_the_state_of_their_newest_run() {
        var node = Some.join(stores(), "node-1");
        var unrun = made("unrun");
        var done = made("done");
        var failed = made("failed");
        end(done, node, true);
        end(failed, node, true);
        end(failed, node, false);

        assertThat(ids(states(RunState.SUCCEEDED))).containsExactly(done);
        assertThat(ids(states(RunState.FAILED, RunState.MISSED))).containsExactly(failed);
        assertThat(ids(states(RunState.QUEUED))).containsExactly(unrun);
        assertThat(ids(states(RunState.RUNNING))).isEmpty();
        assertThat(ids(states(RunState.QUEUED, RunState.SUCCEEDED))).containsExactly(done, unrun);
        assertThat(oneShots.count(states(RunState.SUCCEEDED))).isEqualTo(1);
        assertThat(requireNonNull(oneShots.newestRuns(List.of(failed)).get(failed)).state())
                .isEqualTo(RunState.FAILED);
        assertThat(oneShots.openRuns(Some.LIST)).isEmpty();
    }

    private void end(TaskId id, Holder node, boolean well) {
        var task = stores().tasks().find(id).orElseThrow();
        var lease = Some.leased(stores(), task, node, NOON);
        stores().leases()
                .complete(List.of(well ? Some.success(lease, NOON) : Some.failure(lease, NOON)));
    }

    private List<TaskId> ids(OneShotQuery query) {
        var found = oneShots.list(query).stream().map(Task::id).toList();
        assertThat(oneShots.count(query)).isEqualTo(found.size());
        return found;
    }

    private static OneShotQuery states(RunState... states) {
        var newest = OneShotQuery.newest(Some.LIST, 100);
        return new OneShotQuery(
                newest.api(),
                Set.of(states),
                newest.batch(),
                newest.created(),
                newest.order(),
                newest.offset(),
                newest.limit());
    }

    @Test
    void tasks_are_listed_by_batch_and_time_and_in_the_order_asked_for() {
        var one = made(inBatch("z", "b"), NOON);
        var two = made(inBatch("y", "b"), NOON.plusSeconds(1));
        var three = made(inBatch("x", "b"), NOON.plusSeconds(2));
        var other = made(inBatch("w", "c"), NOON.plusSeconds(3));
        made(new ClientName("other", "w", Optional.of("b"), Optional.empty()), NOON);
        Some.task(stores(), Some.definition("not in the list"));

        assertThat(ids(query("b", OneShotQuery.Created.ANY, OneShotQuery.Order.NEWEST)))
                .containsExactly(three, two, one);
        var byName = new OneShotQuery.Order(OneShotQuery.Field.NAME, true);
        assertThat(ids(query("b", OneShotQuery.Created.ANY, byName)))
                .containsExactly(three, two, one);
        var byUpdate = new OneShotQuery.Order(OneShotQuery.Field.UPDATED, true);
        assertThat(ids(query("b", OneShotQuery.Created.ANY, byUpdate)))
                .containsExactly(one, two, three);
        var between = new OneShotQuery.Created(Optional.of(NOON), Optional.of(NOON.plusSeconds(2)));
        assertThat(ids(query("b", between, OneShotQuery.Order.NEWEST))).containsExactly(two);
        assertThat(ids(query("c", OneShotQuery.Created.ANY, OneShotQuery.Order.NEWEST)))
                .containsExactly(other);
        var newest = oneShots.list(OneShotQuery.newest(Some.LIST, 1));
        assertThat(newest).hasSize(1);
        assertThat(oneShots.count(OneShotQuery.newest(Some.LIST, 1))).isEqualTo(5);
    }

    private static OneShotQuery query(
            String batch, OneShotQuery.Created created, OneShotQuery.Order order) {
        return new OneShotQuery(Some.LIST, Set.of(), Optional.of(batch), created, order, 0, 100);
    }

    @Test
    void a_task_whose_history_is_gone_is_forgotten_with_its_name() {
        var old = NOON.minusSeconds(100);
        var gone = made(name("gone"), old);
        var young = made(name("young"), NOON);
        var waiting = made(inBatch("waiting", "b1"), old);
        var told = made(name("told"), old);
        var task = stores().tasks().find(told).orElseThrow();
        var run = Some.manualRun(stores(), task, NOON);
        stores().leases().enqueue(List.of(run), Optional.empty());

        assertThat(oneShots.forget(NOON, 10)).isEqualTo(1);
        assertThat(oneShots.forget(NOON, 10)).isZero();

        assertThat(stores().tasks().find(gone)).isEmpty();
        assertThat(oneShots.find(Some.LIST, "gone")).isEmpty();
        for (var kept : List.of(young, waiting, told)) {
            assertThat(stores().tasks().find(kept)).isPresent();
        }
        var last = stores().audit().list(AuditQuery.all(1)).getFirst().change();
        assertThat(last.action()).isEqualTo("task.delete");
        assertThat(last.target()).isEqualTo(gone.toString());
    }

    @Test
    void no_more_are_forgotten_at_once_than_asked_for() {
        for (int i = 0; i < 5; i++) {
            made(name("old" + i), NOON.minusSeconds(1));
        }

        assertThat(oneShots.forget(NOON, 3)).isEqualTo(3);
        assertThat(oneShots.forget(NOON, 3)).isEqualTo(2);
    }
}
