package carillon.budget;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// Questions that arrive while others are being answered wait together and are then answered at
/// once, by one of those who wait: calls that are paid from the same purse stand in each other's
/// way in the database, and so share a transaction.
final class Together<Q, A> {
    private static final int MAX_TOGETHER = 200;

    private final Function<List<Q>, List<A>> answering;
    private final Queue<Waiting<Q, A>> waiting = new ConcurrentLinkedQueue<>();
    private final Lock turn = new ReentrantLock();

    /// `answering` gives an answer for each question, in their order.
    Together(Function<List<Q>, List<A>> answering) {
        this.answering = answering;
    }

    private record Waiting<Q, A>(Q question, CompletableFuture<A> answer) {}

    /// Blocks, without heeding interrupts, until there is an answer; throws what `answering` threw.
    A ask(Q question) {
        var mine = new Waiting<>(question, new CompletableFuture<A>());
        waiting.add(mine);
        turn.lock();
        try {
            while (!mine.answer.isDone()) {
                answerSome();
            }
        } finally {
            turn.unlock();
        }
        try {
            return mine.answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    private void answerSome() {
        var together = new ArrayList<Waiting<Q, A>>();
        while (together.size() < MAX_TOGETHER) {
            var next = waiting.poll();
            if (next == null) {
                break;
            }
            together.add(next);
        }
        try {
            var answers = answering.apply(together.stream().map(Waiting::question).toList());
            for (int i = 0; i < answers.size(); i++) {
                together.get(i).answer.complete(answers.get(i));
            }
        } catch (RuntimeException e) {
            together.forEach(one -> one.answer.completeExceptionally(e));
        }
    }
}
