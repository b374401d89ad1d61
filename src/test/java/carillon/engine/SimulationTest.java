package carillon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.store.StoreSettings;
import carillon.store.TestPostgres;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Years of cluster life in seconds: nodes over the real SQL, on one thread, with a made-up clock
/// and dice that a seed decides. Nodes die, stall past their lease and come back; stores fail
/// before and after they commit; people change tasks in between. After every event the ledger is
/// held against the model. A failure names its seed, and that seed replays it: `./mvnw test
/// -Dtest=SimulationTest -Dseed=N`.
final class SimulationTest {
    private static final int EVENTS = 800;

    @TempDir private Path folder;

    static LongStream seeds() {
        var one = Long.getLong("seed");
        return one != null ? LongStream.of(one) : LongStream.range(0, Long.getLong("seeds", 10));
    }

    /// The rules are the same on both databases; the statements were seen on each.
    static LongStream fewSeeds() {
        return seeds().limit(3);
    }

    @ParameterizedTest(name = "one node, seed {0}")
    @MethodSource("seeds")
    void one_node_loses_and_doubles_nothing(long seed) {
        simulate(new StoreSettings.Sqlite(folder), seed, 1);
    }

    @ParameterizedTest(name = "three nodes, seed {0}")
    @MethodSource("seeds")
    void three_nodes_lose_and_double_nothing(long seed) {
        simulate(new StoreSettings.Sqlite(folder), seed, 3);
    }

    @ParameterizedTest(name = "three nodes on PostgreSQL, seed {0}")
    @MethodSource("fewSeeds")
    void three_nodes_on_postgresql_lose_and_double_nothing(long seed) {
        simulate(TestPostgres.newDatabase(), seed, 3);
    }

    private static void simulate(StoreSettings store, long seed, int nodes) {
        try (var simulation = new Simulation(store, seed, nodes)) {
            for (int event = 0; event < EVENTS; event++) {
                simulation.happen();
                simulation.check();
            }
            simulation.calmDown();
            assertThat(simulation.attempts()).as("the world saw some work").isPositive();
        } catch (AssertionError e) {
            throw new AssertionError(
                    "seed " + seed + ", " + nodes + " nodes: " + e.getMessage(), e);
        }
    }
}
