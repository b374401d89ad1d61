package carillon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.TaskJson;
import carillon.store.LifeStores;
import carillon.store.StoreSettings;
import carillon.store.Stores;
import carillon.store.TestPostgres;
import carillon.task.TaskLists;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Years of cluster life in seconds: nodes over the real SQL, on one thread, with a made-up clock
/// and dice that a seed decides. Nodes die, stall past their lease and come back; stores fail
/// before and after they commit; clocks are set; people change tasks in between. After every event
/// the ledger is held against the model. A failure names its seed, and that seed replays it:
/// `./mvnw test -Dtest=SimulationTest -Dseed=N`. Ten thousand seeds, on all processors: `./mvnw
/// -Psimulate verify -Dseeds=10000`.
@Execution(ExecutionMode.CONCURRENT)
final class SimulationTest {
    private static final AtomicInteger ATTEMPTS = new AtomicInteger();

    @TempDir private Path folder;

    @AfterAll
    static void the_world_saw_work() {
        assertThat(ATTEMPTS.get()).isPositive();
    }

    static LongStream seeds() {
        var one = Long.getLong("seed");
        return one != null ? LongStream.of(one) : LongStream.range(0, Long.getLong("seeds", 10));
    }

    /// Stores are over the real statements, but in memory and on one thread; a few lives are over
    /// databases as servers have them.
    static LongStream fewSeeds() {
        return seeds().limit(3);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nodes_lose_and_double_nothing(long seed) {
        try (var stores = LifeStores.open()) {
            ATTEMPTS.addAndGet(Life.simulate(stores, seed));
        }
    }

    @ParameterizedTest(name = "three nodes on SQLite, seed {0}")
    @MethodSource("fewSeeds")
    void three_nodes_on_sqlite_lose_and_double_nothing(long seed) {
        ATTEMPTS.addAndGet(
                Life.simulate(clock -> open(new StoreSettings.Sqlite(folder), clock), seed, 3));
    }

    @ParameterizedTest(name = "three nodes on PostgreSQL, seed {0}")
    @MethodSource("fewSeeds")
    void three_nodes_on_postgresql_lose_and_double_nothing(long seed) {
        ATTEMPTS.addAndGet(
                Life.simulate(clock -> open(TestPostgres.newDatabase(), clock), seed, 3));
    }

    private static Stores open(StoreSettings settings, InstantSource clock) {
        return Stores.open(settings, TaskJson.codec(), TaskLists.NONE, clock);
    }
}
