package carillon.schedule;

import carillon.schedule.CronSecondOpinionTest.Library;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Holds many random cases against the oracle, on all processors, and a tenth as many against other
/// libraries, as a program.
///
/// `ManyCrons COUNT` prints what differs, a line each, and at last `COUNT cases, N refused, M
/// differences, left out {LIBRARY=L, ...}, T ms`: of each library, the cases that it is known to
/// get wrong.
final class ManyCrons {
    /// One that is wrong everywhere need not be shown everywhere.
    private static final int ENOUGH = 100;

    private final Queue<String> differences = new ConcurrentLinkedQueue<>();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final Map<Library, Integer> leftOut =
            Collections.synchronizedMap(new EnumMap<>(Library.class));
    private final int count;

    private ManyCrons(int count) {
        this.count = count;
    }

    public static void main(String[] arguments) throws InterruptedException {
        System.setProperty("random.cases", arguments[0]);
        new ManyCrons(Integer.parseInt(arguments[0])).run();
    }

    private void run() throws InterruptedException {
        long begin = System.nanoTime();
        var threads = new ArrayList<Thread>();
        for (var library : Library.values()) {
            threads.add(Thread.ofPlatform().start(() -> note(() -> compare(library))));
        }
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            threads.add(Thread.ofPlatform().start(this::walk));
        }
        for (var thread : threads) {
            thread.join();
        }
        differences.forEach(System.out::println);
        System.out.printf(
                "%d cases, %d refused, %d differences, left out %s, %d ms%n",
                next.get() - Runtime.getRuntime().availableProcessors(),
                refused.get(),
                differences.size(),
                leftOut,
                (System.nanoTime() - begin) / 1_000_000);
    }

    private void walk() {
        for (int i = next.getAndIncrement();
                i < count && differences.size() < ENOUGH;
                i = next.getAndIncrement()) {
            int number = i;
            note(
                    () -> {
                        if (CronOracleTest.isRefused(number)) {
                            refused.incrementAndGet();
                        }
                    });
        }
    }

    private void compare(Library library) {
        leftOut.put(library, CronSecondOpinionTest.compare(library).leftOut());
    }

    private void note(Runnable comparison) {
        try {
            comparison.run();
        } catch (AssertionError | RuntimeException e) {
            differences.add(e.toString().replace('\n', ' '));
        }
    }
}
