package carillon.engine;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;

/// Runs one duty on a thread of its own, at the instants that the duty asks for or when its signal
/// fires: the only place in the server that sleeps. A duty that throws is logged and tried again;
/// it never ends the loop.
public final class Loop implements AutoCloseable {
    private static final Logger log = System.getLogger(Loop.class.getName());
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    /// Clocks can be set. A sleep lasts no longer than was wanted when it began, however far back
    /// the clock is set meanwhile; when it is set forward, that is noticed after so long.
    private static final Duration LOOK_AT_CLOCK = Duration.ofSeconds(1);

    private final String name;
    private final Duty duty;
    private final Signal signal;
    private final InstantSource time;
    private final Thread thread;
    private volatile boolean closed;
    private int failures;

    /// Starts at once.
    public Loop(String name, Duty duty, Signal signal, InstantSource time) {
        this.name = name;
        this.duty = duty;
        this.signal = signal;
        this.time = time;
        // A platform thread, so that due times are kept while virtual threads fill the processors.
        this.thread = Thread.ofPlatform().name("carillon-" + name).daemon().unstarted(this::run);
        signal.bind(thread);
        thread.start();
    }

    private void run() {
        while (!closed) {
            signal.reset();
            sleepUntil(runGuarded());
        }
    }

    private Instant runGuarded() {
        var now = time.instant();
        try {
            var next = duty.runOnce(now);
            if (failures > 1) {
                log.log(Level.INFO, "{0} works again, after {1} failures", name, failures);
            }
            failures = 0;
            return next;
        } catch (RuntimeException e) {
            failures++;
            tell(e);
            return now.plus(AFTER_FAILURE);
        }
    }

    /// At length once, and then in a line, ever more rarely: a database can be away for hours.
    private void tell(RuntimeException failure) {
        if (failures == 1) {
            log.log(Level.ERROR, name + " failed and will be tried again", failure);
        } else if (Integer.bitCount(failures) == 1) {
            log.log(
                    Level.ERROR,
                    "{0} has failed {1} times: {2}",
                    name,
                    failures,
                    failure.getMessage());
        }
    }

    private void sleepUntil(Instant next) {
        long begin = System.nanoTime();
        long wanted = untilNanos(next);
        while (!closed && !signal.isFired()) {
            long left = Math.min(untilNanos(next), wanted - (System.nanoTime() - begin));
            if (left <= 0) {
                return;
            }
            LockSupport.parkNanos(this, Math.min(left, LOOK_AT_CLOCK.toNanos()));
        }
    }

    private long untilNanos(Instant next) {
        var left = Duration.between(time.instant(), next);
        return left.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : left.toNanos();
    }

    /// Returns when the duty in hand, if any, has ended. Closing twice does nothing.
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // The caller's; it is told so when the loop has ended.
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
