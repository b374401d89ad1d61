package carillon.batch;

import carillon.ai.Model;
import carillon.ai.Prices;
import carillon.ai.Tokens;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The money of a batch, in nanodollars. What a call may cost is put aside before it and settled
/// after it, so that no more is spent than there is.
final class Purse {
    /// How long an answer is taken to be where nothing bounds it.
    static final int ANSWER_TOKENS = 1_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();
    private final OptionalLong budget;
    private long spent;
    private long reserved;
    private boolean closed;

    /// Without a budget everything is granted.
    Purse(OptionalLong budget, long spent) {
        this.budget = budget;
        this.spent = spent;
    }

    /// What asking this row may cost; 0 where nobody knows.
    static long estimate(Model model, Row row) {
        var asked = row.over(model);
        long input = Tokens.estimate(row.wording().question());
        for (var said : asked.defaults().before()) {
            input += Tokens.estimate(said.content());
        }
        var tokens = new Tokens(input, asked.defaults().maxTokens().orElse(ANSWER_TOKENS));
        return model.prices().map(prices -> cost(prices, tokens)).orElse(0L);
    }

    private static long cost(Prices prices, Tokens tokens) {
        return prices.costNanodollars(tokens);
    }

    /// Puts the amount aside; waits while calls under way may leave enough. Returns false when
    /// there will not be enough, or after [#close].
    boolean reserve(long amount) throws InterruptedException {
        if (budget.isEmpty()) {
            return true;
        }
        lock.lock();
        try {
            while (spent + reserved + amount > budget.getAsLong()) {
                if (reserved == 0 || closed) {
                    return false;
                }
                settled.await();
            }
            reserved += amount;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Puts the amount aside, without a wait. Returns false when there is not enough.
    boolean reserveNow(long amount) {
        lock.lock();
        try {
            boolean enough = budget.isEmpty() || spent + reserved + amount <= budget.getAsLong();
            reserved += budget.isPresent() && enough ? amount : 0;
            return enough;
        } finally {
            lock.unlock();
        }
    }

    /// Takes what was put aside earlier into account, whether it is there or not.
    void hold(long amount) {
        lock.lock();
        try {
            reserved += budget.isEmpty() ? 0 : amount;
        } finally {
            lock.unlock();
        }
    }

    /// Gives back what was put aside, less what was spent.
    void settle(long amount, long cost) {
        lock.lock();
        try {
            reserved -= budget.isEmpty() ? 0 : amount;
            spent += cost;
            settled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Lets nobody wait any more.
    void close() {
        lock.lock();
        try {
            closed = true;
            settled.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
