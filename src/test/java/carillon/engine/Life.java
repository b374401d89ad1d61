package carillon.engine;

import carillon.store.LifeStores;
import carillon.store.Stores;
import java.time.InstantSource;
import java.util.function.Function;

/// One life of a cluster, decided by a seed. What is wrong in it is an [AssertionError] that tells
/// how to replay it.
final class Life {
    private static final int EVENTS = 600;
    private static final int MAX_NODES = 4;

    private Life() {}

    /// Over stores in memory. Returns how many attempts the world saw, which can be none: nodes
    /// stall, and people delete and pause their tasks.
    static int simulate(LifeStores stores, long seed) {
        return simulate(stores::anew, seed, 1 + (int) (seed % MAX_NODES));
    }

    static int simulate(Function<InstantSource, Stores> stores, long seed, int nodes) {
        try (var simulation = new Simulation(stores, seed, nodes)) {
            for (int event = 0; event < EVENTS; event++) {
                simulation.happen();
                simulation.check();
            }
            simulation.calmDown();
            return simulation.attempts();
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
