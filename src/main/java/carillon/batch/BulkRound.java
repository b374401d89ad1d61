package carillon.batch;

import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongPredicate;

/// What a batch does before it asks rows one by one: as long as there is time, all that providers
/// take in bulk is handed in, and waited for.
final class BulkRound {
    private final BatchOrder.Pace pace;
    private final Bulk bulk;
    private final InstantSource time;
    private final State state;
    private int earlier;

    BulkRound(BatchOrder.Pace pace, Bulk bulk, InstantSource time, State state) {
        this.pace = pace;
        this.bulk = bulk;
        this.time = time;
        this.state = state;
    }

    /// The rows as they stand: `left` have no result yet, `isDone` tells which have one.
    record State(Parcels parcels, RowRules rules, Purse purse, LongPredicate isDone, long left) {}

    /// Reads all rows once.
    interface Reading {
        void into(Packing packing) throws IOException, InterruptedException;
    }

    /// Makes parcels of the rows, if there is time, unless that is done already.
    void pack(Reading reading) throws IOException, InterruptedException {
        earlier = state.parcels.size();
        state.parcels.account(state.purse, state.rules, state.isDone);
        boolean hasTime = pace.neededBy().isPresent() && time.instant().isBefore(times().recall());
        if (hasTime && !state.parcels.isPacked()) {
            reading.into(new Packing(state.parcels, bulk, state.purse, state.isDone));
        }
    }

    /// Hands them in, and waits. Returns false when it was stopped, and is to go on later.
    boolean await(CountDownLatch stop) throws IOException, InterruptedException {
        var work = new ParcelPost.Work(state.parcels, bulk, state.rules, state.purse, state.isDone);
        return new ParcelPost(work, time, earlier).await(times(), stop);
    }

    /// So that what is not answered by then can still be asked, row by row, before it is needed.
    /// Without such a time nothing is handed in, and what is out is called back.
    private ParcelPost.Times times() {
        var habits = bulk.habits();
        if (pace.neededBy().isEmpty()) {
            var now = time.instant();
            return new ParcelPost.Times(now, now.plus(habits.recalling()));
        }
        var needed = pace.neededBy().get();
        long turns = Math.ceilDiv(state.left, pace.concurrency());
        var leave = needed.minus(habits.answering().multipliedBy(turns));
        return new ParcelPost.Times(leave.minus(habits.recalling()), leave);
    }
}
