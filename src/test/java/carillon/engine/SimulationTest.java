package carillon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.TaskJson;
import carillon.store.StoreSettings;
import carillon.store.Stores;
import carillon.store.TestPostgres;
import carillon.task.TaskLists;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.stream.LongStream;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
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
    private static final int EVENTS = 600;
    private static final int MAX_NODES = 4;

    @TempDir(factory = InMemory.class)
    private Path folder;

    /// Where there is such a thing: what is simulated need not outlive the machine.
    static final class InMemory implements TempDirFactory {
        private static final Path SHARED_MEMORY = Path.of("/dev/shm");

        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
                throws IOException {
            return Files.isWritable(SHARED_MEMORY)
                    ? Files.createTempDirectory(SHARED_MEMORY, "carillon")
                    : Files.createTempDirectory("carillon");
        }
    }

    static LongStream seeds() {
        var one = Long.getLong("seed");
        return one != null ? LongStream.of(one) : LongStream.range(0, Long.getLong("seeds", 10));
    }

    /// The rules are the same on both databases; the statements were seen on each.
    static LongStream fewSeeds() {
        return seeds().limit(3);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nodes_lose_and_double_nothing(long seed) throws IOException {
        Template.copyTo(folder);
        simulate(new StoreSettings.Sqlite(folder), seed, 1 + (int) (seed % MAX_NODES));
    }

    @ParameterizedTest(name = "three nodes on PostgreSQL, seed {0}")
    @MethodSource("fewSeeds")
    void three_nodes_on_postgresql_lose_and_double_nothing(long seed) {
        simulate(TestPostgres.newDatabase(), seed, 3);
    }

    /// An empty database, made once: to make its tables takes longer than a small life of a
    /// cluster.
    private static final class Template {
        private static final String FILE = "carillon.db";
        private static final Path FOLDER = make();

        private static Path make() {
            try {
                var folder = Files.createTempDirectory("carillon-template");
                var settings = new StoreSettings.Sqlite(folder);
                Stores.open(settings, TaskJson.codec(), TaskLists.NONE, InstantSource.system())
                        .close();
                return folder;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static void copyTo(Path folder) throws IOException {
            Files.copy(FOLDER.resolve(FILE), folder.resolve(FILE));
        }
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
                    "seed "
                            + seed
                            + ", "
                            + nodes
                            + " nodes; replay it by ./mvnw test -Dtest=SimulationTest -Dseed="
                            + seed
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }
}
