package carillon.engine;

import carillon.store.LifeStores;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Simulates many lives of clusters, on all processors, as a program.
///
/// `ManySeeds COUNT` prints what was violated, a line each, and at last `COUNT seeds, N violations,
/// M ms`. If the world saw no work in more than one life of twenty, that is a violation too.
final class ManySeeds {
    private static final int MAX_IDLE = 20;

    private ManySeeds() {}

    public static void main(String[] arguments) throws InterruptedException {
        long count = Long.parseLong(arguments[0]);
        long begin = System.nanoTime();
        var next = new AtomicLong();
        var idle = new AtomicLong();
        Queue<String> violations = new ConcurrentLinkedQueue<>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try (var stores = LifeStores.open()) {
                                            for (long seed = next.getAndIncrement();
                                                    seed < count;
                                                    seed = next.getAndIncrement()) {
                                                if (simulate(stores, seed, violations) == 0) {
                                                    idle.incrementAndGet();
                                                }
                                            }
                                        }
                                    }));
        }
        for (var thread : threads) {
            thread.join();
        }
        if (idle.get() > count / MAX_IDLE) {
            violations.add(new AssertionError("no work in " + idle + " lives").toString());
        }
        violations.forEach(System.out::println);
        System.out.printf(
                "%d seeds, %d violations, %d ms%n",
                count, violations.size(), (System.nanoTime() - begin) / 1_000_000);
    }

    private static int simulate(LifeStores stores, long seed, Queue<String> violations) {
        try {
            return Life.simulate(stores, seed);
        } catch (AssertionError | RuntimeException e) {
            violations.add(e.toString().replace('\n', ' '));
            return 1;
        }
    }
}
