package carillon.egress;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Aborts exchanges whose time is over. Socket timeouts bound single reads only, so that a target
/// which sends a byte now and then would hold on for ever.
final class Deadlines implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;

    Deadlines() {
        timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("egress-deadlines").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /// Runs `abort` after `timeout`, unless the deadline is closed first.
    Deadline in(Duration timeout, Runnable abort) {
        return new Deadline(timer, timeout, abort);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    static final class Deadline implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final ScheduledFuture<?> alarm;

        private Deadline(ScheduledThreadPoolExecutor timer, Duration timeout, Runnable abort) {
            alarm =
                    timer.schedule(
                            () -> {
                                over.set(true);
                                // Closing a connection can take a while; others' time is over too.
                                Thread.startVirtualThread(abort);
                            },
                            timeout.toNanos(),
                            TimeUnit.NANOSECONDS);
        }

        boolean isOver() {
            return over.get();
        }

        @Override
        public void close() {
            alarm.cancel(false);
        }
    }
}
