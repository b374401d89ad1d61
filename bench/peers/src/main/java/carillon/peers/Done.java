package carillon.peers;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/// What the jobs of this process have done. The schedulers make the jobs themselves, so that there
/// is one place for all to tell.
final class Done {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static volatile CountDownLatch left = new CountDownLatch(0);
    private static volatile long[] late = new long[0];
    private static volatile long begun;
    private static final AtomicInteger count = new AtomicInteger();

    private Done() {}

    /// From now on so many are expected.
    static void expect(int jobs) {
        late = new long[jobs];
        count.set(0);
        left = new CountDownLatch(jobs);
    }

    /// A job that was due then is being done.
    static void one(Instant due) {
        int at = count.getAndIncrement();
        if (at == 0) {
            begun = System.nanoTime();
        }
        if (at < late.length) {
            late[at] = Duration.between(due, Instant.now()).toNanos();
        }
        left.countDown();
    }

    static void awaitAll() throws InterruptedException, TimeoutException {
        if (!left.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new TimeoutException(left.getCount() + " jobs were not done in " + PATIENCE);
        }
    }

    /// How long ago the first one began.
    static Duration sinceFirst() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /// Nanoseconds from due to begun, of each job.
    static long[] late() {
        return late.clone();
    }
}
