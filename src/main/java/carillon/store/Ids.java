package carillon.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Gives out ids that no other node gives out, below 2^53 and growing with time: a node takes them
/// in blocks, each of which begins where the last one ended, or at the number of microseconds since
/// 2026 when that is higher. The rest of an old block is dropped, so that the ids of several nodes
/// grow together.
final class Ids {
    private static final long ORIGIN = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final long PER_MILLISECOND = 1_000;
    private static final int BLOCK = 10_000;
    private static final Duration MAX_AGE = Duration.ofMinutes(1);

    private final Database database;
    private final InstantSource clock;
    private long next;
    private long end;
    private Instant takenAt = Instant.EPOCH;

    Ids(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Consecutive ids, to be given out by one thread.
    static final class Range {
        private long next;
        private final long end;

        private Range(long first, int size) {
            this.next = first;
            this.end = first + size;
        }

        long left() {
            return end - next;
        }

        long next() {
            if (next == end) {
                throw new IllegalStateException("more ids were used than had been taken");
            }
            return next++;
        }
    }

    long next() {
        return take(1).next();
    }

    /// Not to be called within a transaction: a new block is a write of its own.
    synchronized Range take(int size) {
        var now = clock.instant();
        boolean isOld = Duration.between(takenAt, now).abs().compareTo(MAX_AGE) > 0;
        if (end - next < size || isOld) {
            int block = Math.max(BLOCK, size);
            next = takeBlock(block, now);
            end = next + block;
            takenAt = now;
        }
        var range = new Range(next, size);
        next += size;
        return range;
    }

    private static final String TAKE_BLOCK =
            """
            UPDATE id_block
               SET next_id = CASE WHEN next_id > :floor THEN next_id ELSE :floor END + :size
             WHERE one = 1
            RETURNING next_id
            """;

    private long takeBlock(int size, Instant now) {
        long floor = Math.max(1, (now.toEpochMilli() - ORIGIN) * PER_MILLISECOND);
        return database.write(
                        "take a block of ids",
                        transaction ->
                                transaction
                                        .query(TAKE_BLOCK)
                                        .bind("floor", floor)
                                        .bind("size", size)
                                        .mapTo(Long.class)
                                        .one())
                - size;
    }

    /// The lowest id that can have been taken at `instant` or later; what has a lower one is older,
    /// but for the time that a block lasts.
    static long at(Instant instant) {
        return (instant.toEpochMilli() - ORIGIN) * PER_MILLISECOND;
    }
}
