package carillon.event;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Watches the end of the event log for all streams of this node: however many there are, the store
/// is asked for its newest event at most once per [#INTERVAL].
public final class EventTail {
    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final EventStore events;
    private final InstantSource time;
    private final ReentrantLock looking = new ReentrantLock();

    /// Never has a permit: acquiring one is a wait that an interrupt ends.
    private final Semaphore never = new Semaphore(0);

    private Instant lookedAt = Instant.MIN;
    private long newest;

    public EventTail(EventStore events, InstantSource time) {
        this.events = events;
        this.time = time;
    }

    /// Waits until there is an event after `seen`, at most about `patience` and at least for one
    /// [#INTERVAL].
    public void await(long seen, Duration patience) throws InterruptedException {
        long left = Math.max(1, patience.dividedBy(INTERVAL));
        do {
            if (never.tryAcquire(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("nobody gives out a permit");
            }
            left--;
        } while (left > 0 && look() <= seen);
    }

    private long look() throws InterruptedException {
        looking.lockInterruptibly();
        try {
            var now = time.instant();
            if (!now.isBefore(lookedAt.plus(INTERVAL)) || now.isBefore(lookedAt)) {
                newest = events.newest();
                lookedAt = now;
            }
            return newest;
        } finally {
            looking.unlock();
        }
    }
}
