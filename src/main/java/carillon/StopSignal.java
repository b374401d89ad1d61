package carillon;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Lets a command end in good order when the process is told to stop: the process goes when the
/// command says that it is done.
final class StopSignal {
    private static final Logger log = System.getLogger(StopSignal.class.getName());

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);

    StopSignal() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "carillon-stop"));
    }

    private void stop() {
        asked.countDown();
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Returns when the process is told to stop.
    void await() throws InterruptedException {
        asked.await();
    }

    /// The same, at most for as long as given, if it is.
    void await(Optional<Duration> length) throws InterruptedException {
        if (length.isEmpty()) {
            asked.await();
            return;
        }
        boolean early = asked.await(length.get().toMillis(), TimeUnit.MILLISECONDS);
        if (early) {
            log.log(Level.DEBUG, "told to stop before the time was over");
        }
    }

    /// All has been put away.
    void done() {
        done.countDown();
    }
}
