package carillon.store;

import static carillon.store.Some.MINUTE;
import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import carillon.cluster.Holder;
import carillon.event.Event;
import carillon.run.Lease;
import carillon.run.RunId;
import carillon.run.RunQuery;
import carillon.run.RunState;
import carillon.run.Start;
import carillon.task.ConcurrencyPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What several nodes do to one database at the same time.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostgresTest {
    private static final int NODES = 4;

    private final PostgresFixture fixture = new PostgresFixture();
    private final List<Stores> nodes = new ArrayList<>();

    @BeforeAll
    void open_the_nodes() {
        for (int i = 0; i < NODES; i++) {
            nodes.add(fixture.openAgain());
        }
    }

    @BeforeEach
    void empty() {
        fixture.empty();
    }

    @Test
    void what_keeps_is_waited_for_on_disk_and_what_forgets_is_not() {
        var database = nodes.getFirst().database();

        assertThat(database.forget("look", PostgresTest::synchronousCommit)).isEqualTo("off");
        assertThat(database.write("look", PostgresTest::synchronousCommit)).isNotEqualTo("off");
    }

    private static String synchronousCommit(Session session) {
        return session.query("SHOW synchronous_commit").mapTo(String.class).one();
    }

    @AfterAll
    void close() {
        nodes.forEach(Stores::close);
        fixture.close();
    }

    @Test
    void no_two_claimers_share_a_run() throws Exception {
        var task = Some.task(fixture.stores(), Some.definition("one"));
        var all =
                Stream.generate(() -> Some.manualRun(fixture.stores(), task, NOON))
                        .limit(500)
                        .toList();
        fixture.stores().leases().enqueue(all, Optional.empty());

        var claimed = together(PostgresTest::claimAll);

        assertThat(ids(claimed)).hasSize(500).doesNotHaveDuplicates();
        assertThat(claimed).allMatch(lease -> lease.run().attempt() == 1);
    }

    private static List<Lease> claimAll(Stores stores, Holder holder) {
        var mine = new ArrayList<Lease>();
        int tries = 0; // A claimer that finds all locked looks again: they may be given back.
        while (tries < 20) {
            var some = stores.leases().claimDue(holder, 7, NOON);
            mine.addAll(some);
            tries = some.isEmpty() ? tries + 1 : 0;
        }
        return mine;
    }

    @Test
    void each_fire_time_is_planned_by_one_node_only() throws Exception {
        for (int i = 0; i < 200; i++) {
            Some.task(fixture.stores(), Some.definition("task " + i));
        }
        var until = NOON.plus(MINUTE);

        var planned =
                together(
                        (stores, holder) -> {
                            var mine = new ArrayList<Lease>();
                            for (int i = 0; i < 60; i++) {
                                mine.addAll(
                                        stores.slots()
                                                .plan(until, 10, holder, Some::planNext)
                                                .leases());
                            }
                            return mine;
                        });

        assertThat(ids(planned)).hasSize(400).doesNotHaveDuplicates();
        var all = new RunQuery(Optional.empty(), Set.of(), OptionalLong.empty(), 0, 1_000);
        assertThat(fixture.stores().runs().count(all)).isEqualTo(400);
    }

    @Test
    void with_forbid_one_of_many_starts_at_the_same_time() throws Exception {
        for (int round = 0; round < 10; round++) {
            var answers = startTogether(ConcurrencyPolicy.FORBID);

            assertThat(answers).hasSize(NODES * 5);
            assertThat(answers).filteredOn(Start.Go.class::isInstance).hasSize(1);
            assertThat(answers).filteredOn(Start.Overlaps.class::isInstance).hasSize(NODES * 5 - 1);
        }
    }

    @Test
    void with_queue_the_first_starts_and_all_others_wait() throws Exception {
        for (int round = 0; round < 10; round++) {
            var answers = startTogether(ConcurrencyPolicy.QUEUE);

            assertThat(answers).filteredOn(Start.Go.class::isInstance).hasSize(1);
            assertThat(answers).filteredOn(Start.Waits.class::isInstance).hasSize(NODES * 5 - 1);
        }
    }

    @Test
    void with_replace_one_remains() throws Exception {
        for (int round = 0; round < 10; round++) {
            var answers = startTogether(ConcurrencyPolicy.REPLACE);

            var open =
                    new RunQuery(
                            Optional.of(answers.getFirst().lease().run().task()),
                            Set.of(RunState.RUNNING),
                            OptionalLong.empty(),
                            0,
                            100);
            assertThat(fixture.stores().runs().count(open)).isEqualTo(1);
            var replaced =
                    answers.stream()
                            .map(Start.Go.class::cast)
                            .flatMap(go -> go.replaced().stream())
                            .toList();
            assertThat(replaced).hasSize(NODES * 5 - 1).doesNotHaveDuplicates();
        }
    }

    private List<Start> startTogether(ConcurrencyPolicy policy) throws Exception {
        var task = Some.task(fixture.stores(), Some.definition("one", Some.policies(policy)));
        return together(
                (stores, holder) -> {
                    var answers = new ArrayList<Start>();
                    var mine =
                            Stream.generate(() -> Some.leased(stores, task, holder, NOON))
                                    .limit(5)
                                    .toList();
                    mine.forEach(
                            lease -> answers.addAll(stores.leases().start(List.of(lease), NOON)));
                    return answers;
                });
    }

    @Test
    void who_reads_on_from_the_newest_event_misses_none() throws Exception {
        var task = Some.task(fixture.stores(), Some.definition("one"));
        long begin = fixture.stores().events().newest();
        var over = new AtomicBoolean();
        var seen = new ArrayList<Long>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var reading =
                    threads.submit(
                            () -> {
                                long last = begin;
                                boolean again = true;
                                while (again) {
                                    again = !over.get();
                                    for (var event : fixture.stores().events().after(last, 100)) {
                                        seen.add(event.id());
                                        last = event.id();
                                    }
                                }
                                return last;
                            });
            together(
                    (stores, _) -> {
                        for (int i = 0; i < 100; i++) {
                            var run = Some.manualRun(stores, task, NOON);
                            stores.leases().enqueue(List.of(run), Optional.empty());
                        }
                        return List.of();
                    });
            over.set(true);
            reading.get();
        }

        var all = fixture.stores().events().after(begin, 10_000).stream().map(Event::id).toList();
        assertThat(all).hasSize(NODES * 100);
        assertThat(seen).isEqualTo(all);
    }

    @Test
    void ids_of_several_nodes_are_never_the_same_and_grow_with_time() throws Exception {
        var ids =
                together(
                        (stores, _) ->
                                Stream.generate(() -> stores.leases().newId())
                                        .limit(20_000)
                                        .toList());
        assertThat(Set.copyOf(ids)).hasSize(NODES * 20_000);

        fixture.time().set(NOON.plus(Duration.ofHours(1)));
        long newest = ids.stream().mapToLong(RunId::value).max().orElseThrow();
        for (var stores : nodes) {
            assertThat(stores.leases().newId().value()).isGreaterThan(newest);
        }
    }

    @Test
    void a_dead_holder_that_still_plans_leaves_no_run_behind() throws Exception {
        for (int round = 0; round < 20; round++) {
            Some.task(fixture.stores(), Some.definition("one"));
            var holder = Some.join(nodes.get(0), "doomed");
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var start = new CyclicBarrier(2);
                var planning =
                        threads.submit(
                                () -> {
                                    start.await();
                                    return nodes.get(0)
                                            .slots()
                                            .plan(NOON, 10, holder, Some::planNext)
                                            .leases();
                                });
                start.await();
                nodes.get(1).leases().rescue(NOON.plusSeconds(30), 10);
                var leased = planning.get();
                nodes.get(1).leases().rescue(NOON.plusSeconds(30), 10);
                for (var lease : leased) {
                    assertThat(nodes.get(2).leases().lost(List.of(lease))).hasSize(1);
                }
            }
            fixture.empty();
        }
    }

    @Test
    void a_database_of_a_newer_version_stops_the_start() {
        var other = new PostgresFixture();
        try {
            other.stores()
                    .database()
                    .write(
                            "pretend",
                            transaction ->
                                    transaction
                                            .update(
                                                    """
                                                    INSERT INTO flyway_schema_history
                                                    SELECT 999, '999', 'future', type, 'V999', 1,
                                                           installed_by, installed_on, 1, TRUE
                                                      FROM flyway_schema_history LIMIT 1
                                                    """)
                                            .execute());

            assertThatThrownBy(other::openAgain)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("was written by a newer Carillon");
        } finally {
            other.close();
        }
    }

    @Test
    void a_server_that_does_not_answer_stops_the_start() {
        var nowhere =
                new StoreSettings.Postgres(
                        "jdbc:postgresql://127.0.0.1:1/carillon", "postgres", "secret", 2);

        assertThatThrownBy(() -> Stores.open(nowhere, Some.CODEC, Some.LISTS, fixture.time()))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("could not reach the database")
                .hasMessageNotContaining("secret");
    }

    private interface Work<T> {
        List<T> on(Stores stores, Holder holder) throws Exception;
    }

    /// Lets every node do the same at once, and returns what all of them brought.
    private <T> List<T> together(Work<T> work) throws Exception {
        var results = new ArrayList<T>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var start = new CyclicBarrier(NODES);
            var running = new ArrayList<Future<List<T>>>();
            for (int i = 0; i < NODES; i++) {
                var stores = nodes.get(i);
                var holder = Some.join(stores, "node " + i);
                Callable<List<T>> job =
                        () -> {
                            start.await();
                            return work.on(stores, holder);
                        };
                running.add(threads.submit(job));
            }
            for (var one : running) {
                results.addAll(one.get());
            }
        }
        return results;
    }

    private static List<RunId> ids(Collection<Lease> leases) {
        return leases.stream().map(lease -> lease.run().id()).toList();
    }
}
