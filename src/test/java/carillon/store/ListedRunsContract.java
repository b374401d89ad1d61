package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.run.ListedRuns;
import carillon.run.ListedRuns.Ended;
import carillon.run.ListedRuns.Fault;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunState;
import carillon.task.Task;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

abstract class ListedRunsContract extends StoreContract {
    ListedRunsContract(Fixture fixture) {
        super(fixture);
    }

    private ListedRuns listed() {
        return stores().listedRuns();
    }

    private Task task(String name) {
        return Some.task(stores(), Some.definition(name));
    }

    private RunId queued(Task task) {
        var run = Some.manualRun(stores(), task, NOON);
        var leases = stores().leases().enqueue(List.of(run), Optional.empty());
        assertThat(leases).isEmpty(); // No node is there to do it.
        return run.id();
    }

    @Test
    void only_runs_of_the_list_are_told_and_counted() {
        var one = task("listed one");
        var other = task("another");
        var open = queued(one);
        queued(other);
        var ended = queued(one);
        time().set(NOON.plus(Duration.ofHours(1)));
        assertThat(stores().leases().cancel(ended, "enough", time().instant())).isTrue();

        assertThat(listed().list(Some.LIST, Set.of(), 0, 10))
                .extracting(Run::id)
                .containsExactly(ended, open);
        assertThat(listed().list(Some.LIST, Set.of(RunState.QUEUED), 0, 10))
                .extracting(Run::id)
                .containsExactly(open);
        assertThat(listed().list(Some.LIST, Set.of(), 1, 1))
                .extracting(Run::id)
                .containsExactly(open);
        assertThat(listed().ended(Some.LIST, NOON))
                .containsExactly(
                        new Ended(one.id(), LocalDate.of(2026, 3, 1), RunState.CANCELLED, 1, 0));
        assertThat(listed().ended(Some.LIST, NOON.plus(Duration.ofHours(2)))).isEmpty();
        assertThat(listed().tokens(Some.LIST, Optional.of(one.id()), NOON)).isZero();
    }

    @Test
    void faults_are_counted_by_their_reason() {
        var one = task("listed one");
        var two = task("listed two");
        for (var task : List.of(one, two, one)) {
            fail(queued(task), task.equals(two) ? "rare" : "frequent");
        }
        assertThat(listed().faults(Some.LIST, Optional.empty(), NOON, 10))
                .containsExactly(new Fault("frequent", 2), new Fault("rare", 1));
        assertThat(listed().faults(Some.LIST, Optional.of(two.id()), NOON, 10))
                .containsExactly(new Fault("rare", 1));
        assertThat(listed().faults(Some.LIST, Optional.empty(), NOON, 1)).hasSize(1);
    }

    private void fail(RunId run, String reason) {
        stores().database()
                .write(
                        "fail run " + run,
                        all ->
                                all.update(
                                                "UPDATE run SET state = 'FAILED', reason = :reason,"
                                                        + " finished_at = :now WHERE id = :id")
                                        .bind("reason", reason)
                                        .bind("now", NOON.toEpochMilli())
                                        .bind("id", run.value())
                                        .execute());
    }
}
