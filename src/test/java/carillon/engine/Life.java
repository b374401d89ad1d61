package carillon.engine;

import carillon.json.TaskJson;
import carillon.store.StoreSettings;
import carillon.store.Stores;
import carillon.task.TaskLists;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;

/// One life of a cluster, decided by a seed, over a database of its own.
final class Life {
    private static final int EVENTS = 600;
    private static final int MAX_NODES = 4;
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private Life() {}

    /// Over SQLite. Throws an [AssertionError] that tells how to replay it.
    static void simulate(long seed) {
        try {
            var folder = Template.copy();
            try {
                simulate(new StoreSettings.Sqlite(folder), seed, 1 + (int) (seed % MAX_NODES));
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void simulate(StoreSettings store, long seed, int nodes) {
        try (var simulation = new Simulation(store, seed, nodes)) {
            for (int event = 0; event < EVENTS; event++) {
                simulation.happen();
                simulation.check();
            }
            simulation.calmDown();
            if (simulation.attempts() == 0) {
                throw new AssertionError("the world saw no work");
            }
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

    /// Where there is such a thing in memory: what is simulated need not outlive the machine.
    private static Path newFolder() throws IOException {
        return Files.isWritable(SHARED_MEMORY)
                ? Files.createTempDirectory(SHARED_MEMORY, "carillon")
                : Files.createTempDirectory("carillon");
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /// An empty database, made once: to make its tables takes longer than a small life of a
    /// cluster.
    private static final class Template {
        private static final String FILE = "carillon.db";
        private static final byte[] EMPTY = make();

        private static byte[] make() {
            try {
                var folder = newFolder();
                var settings = new StoreSettings.Sqlite(folder);
                Stores.open(settings, TaskJson.codec(), TaskLists.NONE, InstantSource.system())
                        .close();
                var empty = Files.readAllBytes(folder.resolve(FILE));
                delete(folder);
                return empty;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static Path copy() throws IOException {
            var folder = newFolder();
            Files.write(folder.resolve(FILE), EMPTY);
            return folder;
        }
    }
}
