package carillon.engine;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Wakes the loop that is bound to it before its time. Firing twice before the loop looks counts
/// once; firing while no loop is bound is remembered.
public final class Signal {
    private volatile boolean fired;
    private volatile @Nullable Thread waiter;

    public void fire() {
        if (fired) {
            return;
        }
        fired = true;
        LockSupport.unpark(waiter);
    }

    void bind(Thread thread) {
        waiter = thread;
    }

    boolean isFired() {
        return fired;
    }

    void reset() {
        fired = false;
    }
}
