package carillon.store;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntFunction;

/// Transactions that forget what is old. Each is to be short, since others wait meanwhile: how much
/// one takes on is learned from how long those before it took.
final class Purges {
    private static final long SHORT_NANOS = 2_000_000;
    private static final long LONG_NANOS = 6_000_000;
    private static final int LEAST = 50;
    private static final int MOST = 500;

    private final Database database;
    private int size = LEAST;

    Purges(Database database) {
        this.database = database;
    }

    /// How many rows the next transaction may forget.
    synchronized int size() {
        return size;
    }

    /// Lets up to so many rows at a time be forgotten, until there are fewer or `limit` are;
    /// returns how many.
    int upTo(int limit, IntUnaryOperator some) {
        int forgotten = 0;
        while (forgotten < limit) {
            int wanted = Math.min(limit - forgotten, size());
            int gone = some.applyAsInt(wanted);
            forgotten += gone;
            if (gone < wanted) {
                break;
            }
        }
        return forgotten;
    }

    /// Runs work that forgets rows and says how many; notes how long it took.
    int run(String doing, ToIntFunction<Transaction> work) {
        var begin = new AtomicLong();
        int forgotten =
                database.forget(
                        doing,
                        transaction -> {
                            begin.set(System.nanoTime());
                            return work.applyAsInt(transaction);
                        });
        long took = System.nanoTime() - begin.get();
        database.figures().purged(took);
        learn(took);
        return forgotten;
    }

    private synchronized void learn(long tookNanos) {
        if (tookNanos > LONG_NANOS) {
            size = Math.max(LEAST, size / 2);
        } else if (tookNanos < SHORT_NANOS) {
            size = Math.min(MOST, size + size / 4);
        }
    }
}
