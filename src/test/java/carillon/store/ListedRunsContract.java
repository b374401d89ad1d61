package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import carillon.ai.Spending;
import carillon.ai.Tokens;
import carillon.run.Asked;
import carillon.run.Completion;
import carillon.run.Lease;
import carillon.run.ListedRuns;
import carillon.run.ListedRuns.Ended;
import carillon.run.ListedRuns.Fault;
import carillon.run.ModelAnswer;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunState;
import carillon.task.RetryOn;
import carillon.task.Task;
import carillon.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

abstract class ListedRunsContract extends StoreContract {
    ListedRunsContract(Fixture fixture) {
        super(fixture);
    }

    private static final LocalDate TODAY = LocalDate.of(2026, 3, 1);

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
        assertThat(listed().ended(Some.LIST, Optional.empty(), TODAY))
                .containsExactly(new Ended(one.id(), TODAY, RunState.CANCELLED, 1, 0));
        assertThat(listed().ended(Some.LIST, Optional.of(other.id()), TODAY)).isEmpty();
        assertThat(listed().ended(Some.LIST, Optional.empty(), TODAY.plusDays(1))).isEmpty();
        assertThat(listed().tokens(Some.LIST, Optional.of(one.id()), TODAY)).isZero();
        assertThat(listed().open(Some.LIST, Optional.empty())).isEqualTo(1);
        assertThat(listed().open(Some.LIST, Optional.of(one.id()))).isEqualTo(1);
        assertThat(listed().open(Some.LIST, Optional.of(other.id()))).isZero();
        assertThat(listed().count(one.id())).isEqualTo(2);
    }

    /// As they were counted before they were rolled up: from the history.
    private static final String FROM_HISTORY =
            """
            SELECT task_id, finished_at / 86400000 AS day, state, count(*) AS runs,
                   sum(finished_at - coalesce(started_at, finished_at)) AS millis
              FROM run
             WHERE finished_at >= 0 AND step IS NULL
               AND EXISTS (SELECT 1 FROM task_listing
                            WHERE list = 'some' AND task_listing.task_id = run.task_id)
             GROUP BY task_id, finished_at / 86400000, state
            """;

    private List<Ended> fromHistory() {
        return stores().database()
                .read(
                        "count the history",
                        session ->
                                session.query(FROM_HISTORY)
                                        .map(
                                                (row, _) ->
                                                        new Ended(
                                                                new TaskId(row.getLong("task_id")),
                                                                LocalDate.ofEpochDay(
                                                                        row.getLong("day")),
                                                                RunState.valueOf(
                                                                        row.getString("state")),
                                                                row.getLong("runs"),
                                                                row.getLong("millis")))
                                        .list());
    }

    private void assertAsHistory() {
        var counted = listed().ended(Some.LIST, Optional.empty(), LocalDate.EPOCH);
        assertThat(counted).containsExactlyInAnyOrderElementsOf(fromHistory());
    }

    /// One attempt, which takes so long and ends so.
    private void end(Task task, Duration took, BiFunction<Lease, Instant, Completion> how) {
        var holder = Some.join(stores(), "node-1");
        var lease = Some.leased(stores(), task, holder, time().instant());
        var told = how.apply(lease, time().instant());
        var whole =
                new Completion(
                        lease,
                        told.startedAt(),
                        told.startedAt().plus(took),
                        told.outcome(),
                        told.next());
        assertThat(stores().leases().complete(List.of(whole))).isEmpty();
    }

    @Test
    void what_is_counted_is_what_the_history_says_whoever_ended_the_runs() {
        var one = task("listed one");
        var two = task("listed two");
        var other = task("another");
        for (int day = 0; day < 3; day++) {
            time().set(NOON.plus(Duration.ofDays(day)));
            for (var task : List.of(one, two, one, other)) {
                end(task, Duration.ofMillis(700 + day), Some::success);
            }
            end(two, Duration.ofHours(13), Some::failure); // It ends on the next day.
            end(one, Duration.ofMillis(1), Some::skipped);
            assertThat(stores().leases().cancel(queued(one), "enough", time().instant())).isTrue();
        }
        end(one, Duration.ofMillis(1), (lease, at) -> Some.postponed(lease, at, at));
        var last = NOON.plus(Some.MINUTE.multipliedBy(41));
        stores().slots().planOne(two.id(), Some.closing(NOON, last, 42, "down"));

        assertAsHistory();
        assertThat(listed().ended(Some.LIST, Optional.of(two.id()), TODAY.plusDays(1)))
                .contains(
                        new Ended(
                                two.id(),
                                TODAY.plusDays(1),
                                RunState.FAILED,
                                1,
                                Duration.ofHours(13).toMillis()));
        assertThat(listed().count(one.id())).isEqualTo(13); // One waits.
        assertThat(listed().count(two.id())).isEqualTo(7);
    }

    @Test
    void nothing_is_lost_when_many_count_at_once() throws Exception {
        var tasks = List.of(task("listed one"), task("listed two"), task("listed three"));
        var holder = Some.join(stores(), "node-1");
        try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                int first = i;
                writers.execute(
                        () -> {
                            for (int j = 0; j < 20; j++) {
                                var task = tasks.get((first + j) % tasks.size());
                                var lease = Some.leased(stores(), task, holder, NOON);
                                var end = Some.success(lease, NOON);
                                stores().leases().complete(List.of(end));
                            }
                        });
            }
        }

        assertAsHistory();
        assertThat(tasks.stream().mapToLong(task -> listed().count(task.id())).sum())
                .isEqualTo(160);
    }

    @Test
    void what_is_not_written_is_not_counted() {
        var one = task("listed one");
        var run = queued(one);
        var broken = new IllegalStateException("planted");
        assertThatThrownBy(
                        () ->
                                stores().database()
                                        .write(
                                                "fail",
                                                transaction -> {
                                                    var row = stores().runs().find(run);
                                                    transaction
                                                            .events()
                                                            .add(
                                                                    row.orElseThrow(),
                                                                    RunState.FAILED,
                                                                    "no");
                                                    throw broken;
                                                }))
                .isSameAs(broken);
        assertThat(listed().ended(Some.LIST, Optional.empty(), LocalDate.EPOCH)).isEmpty();
    }

    @Test
    void a_task_that_comes_into_the_list_brings_its_history_and_one_that_returns_lost_nothing() {
        var task = task("another");
        end(task, Duration.ofSeconds(1), Some::success);
        end(task, Duration.ofSeconds(2), Some::failure);
        assertThat(listed().ended(Some.LIST, Optional.empty(), TODAY)).isEmpty();
        rename(task, 2, "listed now");
        assertAsHistory();
        end(task, Duration.ofSeconds(1), Some::success);
        rename(task, 3, "another again");
        end(task, Duration.ofSeconds(4), Some::success);
        assertThat(listed().ended(Some.LIST, Optional.empty(), TODAY)).isEmpty();
        rename(task, 4, "listed again");

        assertAsHistory();
        assertThat(listed().ended(Some.LIST, Optional.empty(), TODAY))
                .contains(new Ended(task.id(), TODAY, RunState.SUCCEEDED, 3, 6_000));
        assertThat(listed().count(task.id())).isEqualTo(4);
    }

    private void rename(Task task, int version, String name) {
        var definition = Some.definition(name);
        var row = Some.version(task, version, definition, time().instant());
        assertThat(stores().tasks().addVersion(row, version - 1)).isTrue();
    }

    @Test
    void what_was_pruned_stays_counted_and_what_was_deleted_does_not() {
        var one = task("listed one");
        var two = task("listed two");
        for (var task : List.of(one, two, one)) {
            end(task, Duration.ofSeconds(1), Some::failure);
        }
        var later = NOON.plus(Duration.ofDays(60));
        assertThat(stores().runs().prune(later, 1, 100)).isEqualTo(3);
        assertThat(listed().count(one.id())).isEqualTo(2);
        assertThat(stores().tasks().delete(one.id())).isTrue();
        assertThat(listed().ended(Some.LIST, Optional.empty(), TODAY))
                .containsExactly(new Ended(two.id(), TODAY, RunState.FAILED, 1, 1_000));
        assertThat(listed().faults(Some.LIST, Optional.empty(), TODAY, 10))
                .containsExactly(new Fault("refused", 1));
        assertThat(listed().count(one.id())).isZero();
    }

    @Test
    void old_days_are_forgotten_and_the_sum_stays() {
        var one = task("listed one");
        end(one, Duration.ofSeconds(1), Some::success);
        time().set(NOON.plus(Duration.ofDays(1)));
        end(one, Duration.ofSeconds(1), Some::success);
        listed().forget(TODAY.plusDays(1));

        assertThat(listed().ended(Some.LIST, Optional.empty(), LocalDate.EPOCH))
                .containsExactly(
                        new Ended(one.id(), TODAY.plusDays(1), RunState.SUCCEEDED, 1, 1_000));
        assertThat(listed().count(one.id())).isEqualTo(2);
    }

    @Test
    void tokens_are_counted_by_the_day_of_the_answer() {
        var one = task("listed one");
        var other = task("another");
        for (var task : List.of(one, other, one)) {
            end(task, Duration.ofSeconds(1), ListedRunsContract::answered);
        }
        time().set(NOON.plus(Duration.ofDays(1)));
        end(one, Duration.ofSeconds(1), ListedRunsContract::answered);

        assertThat(listed().tokens(Some.LIST, Optional.empty(), TODAY)).isEqualTo(36);
        assertThat(listed().tokens(Some.LIST, Optional.of(one.id()), TODAY.plusDays(1)))
                .isEqualTo(12);
        assertThat(listed().tokens(Some.LIST, Optional.of(other.id()), TODAY)).isZero();
        rename(other, 2, "listed too");
        assertThat(listed().tokens(Some.LIST, Optional.of(other.id()), TODAY)).isEqualTo(12);
    }

    private static Completion answered(Lease lease, Instant at) {
        var spent = new Spending(Optional.of(new Tokens(5, 7)), OptionalLong.empty());
        var source = new ModelAnswer.Source("m", "m", Optional.empty());
        var answer = new ModelAnswer("yes", ModelAnswer.State.WHOLE, source, spent, Duration.ZERO);
        var asked = new Asked(Optional.of(answer), List.of());
        var finish = new Outcome.Next.Finish(RunState.SUCCEEDED, "");
        return new Completion(lease, at, at, new Outcome.Succeeded(Output.NONE, asked), finish);
    }

    @Test
    void faults_are_counted_by_their_reason() {
        var one = task("listed one");
        var two = task("listed two");
        for (var task : List.of(one, two, one)) {
            end(
                    task,
                    Duration.ZERO,
                    (lease, at) ->
                            new Completion(
                                    lease,
                                    at,
                                    at,
                                    Outcome.Failed.of("no", RetryOn.NETWORK),
                                    new Outcome.Next.Finish(
                                            RunState.FAILED,
                                            task.equals(two) ? "rare" : "frequent")));
        }
        assertThat(listed().faults(Some.LIST, Optional.empty(), TODAY, 10))
                .containsExactly(new Fault("frequent", 2), new Fault("rare", 1));
        assertThat(listed().faults(Some.LIST, Optional.of(two.id()), TODAY, 10))
                .containsExactly(new Fault("rare", 1));
        assertThat(listed().faults(Some.LIST, Optional.empty(), TODAY, 1)).hasSize(1);
    }
}
