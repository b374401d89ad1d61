package carillon.budget;

import static java.util.Objects.requireNonNull;

import carillon.ai.Model;
import carillon.ai.Prices;
import carillon.ai.Reply;
import carillon.budget.BudgetStore.Settlement;
import carillon.budget.Reservation.Claim;
import carillon.run.Lease;
import carillon.run.Run;
import carillon.task.TaskStore;
import carillon.task.TaskVersion;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/// Puts money aside for questions and books what they cost, under all budgets that they fall under.
/// Where there are none, and for models that cost nothing, nothing is written.
public final class Treasury implements Cashier, AutoCloseable {
    private static final Logger log = System.getLogger(Treasury.class.getName());

    /// How soon a run is taken up again that only calls under way keep from its money.
    static final Duration WHILE_BUSY = Duration.ofSeconds(1);

    /// For how long a reservation is left alone whose attempt is over but whose node lives: it is
    /// about to settle it.
    private static final Duration GRACE = Duration.ofMinutes(1);

    /// How long past periods are remembered.
    private static final Duration KEPT = Duration.ofDays(400);

    private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(2);
    private static final Duration BETWEEN_PRUNINGS = Duration.ofHours(1);
    private static final int MAX_BATCH = 500;

    private final BudgetStore store;
    private final Purses purses;
    private final TaskStore tasks;
    private final InstantSource time;
    private final Together<Reservation, Verdict> reserving;
    private final Together<Settlement, Boolean> settling;
    private final Queue<Settlement> unsettled = new ConcurrentLinkedQueue<>();
    private Instant pruneAt = Instant.EPOCH;

    public Treasury(Budgets budgets, BudgetStore store, TaskStore tasks, InstantSource time) {
        this.store = requireNonNull(store, "store");
        this.tasks = requireNonNull(tasks, "tasks");
        this.time = requireNonNull(time, "time");
        this.purses = budgets.purses();
        this.reserving = new Together<>(store::reserve);
        this.settling = new Together<>(this::settleAll);
    }

    private List<Boolean> settleAll(List<Settlement> settlements) {
        store.settle(settlements);
        return settlements.stream().map(_ -> true).toList();
    }

    @Override
    public Grant reserve(Lease lease, Model model, String text) {
        var run = lease.run();
        var definition = lease.definition();
        var spender = new Spender(definition.tags(), model.name(), () -> maker(run));
        return reserve(
                Claim.of(lease),
                model,
                text,
                () -> purses.of(run.task(), definition.budget(), spender));
    }

    @Override
    public Grant reserve(String caller, Model model, String text) {
        var spender = new Spender(Map.of(), model.name(), () -> caller);
        return reserve(Claim.BY_HAND, model, text, () -> purses.of(spender));
    }

    private Grant reserve(Claim claim, Model model, String text, Supplier<List<Purse>> payers) {
        if (model.prices().stream().anyMatch(Prices::areFree)) {
            return new Grant.Given(Receipt.OF_NOTHING);
        }
        var paying = payers.get();
        if (paying.isEmpty()) {
            return new Grant.Given(Receipt.OF_NOTHING);
        }
        if (model.prices().isEmpty()) {
            return unpriced(model, paying.getFirst());
        }
        var prices = model.prices().get();
        var amount = Bound.cost(prices, model, text);
        return reserve(
                new Reservation(store.newId(), claim, model.name(), amount, time.instant(), paying),
                prices);
    }

    /// Who made the version that the run names.
    private String maker(Run run) {
        return tasks.version(run.task(), run.version()).map(TaskVersion::createdBy).orElse("");
    }

    private static Grant unpriced(Model model, Purse purse) {
        return new Grant.Unpriced(
                "model '"
                        + model.name()
                        + "' has no prices, so "
                        + purse.words()
                        + ", cannot be kept: give the model its prices");
    }

    private Grant reserve(Reservation wanted, Prices prices) {
        return switch (reserving.ask(wanted)) {
            case Verdict.Granted() -> new Grant.Given(new Booked(wanted, prices));
            case Verdict.Busy(var purse, _) ->
                    new Grant.Later(
                            "waiting for calls under way: "
                                    + Money.words(wanted.amount())
                                    + " more may go beyond "
                                    + purse.words(),
                            time.instant().plus(WHILE_BUSY));
            case Verdict.Exhausted(var shortfalls) -> Refusals.of(wanted.model(), shortfalls);
        };
    }

    /// Money that was put aside for one question.
    private final class Booked implements Receipt {
        private final Reservation reservation;
        private final Prices prices;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Booked(Reservation reservation, Prices prices) {
            this.reservation = reservation;
            this.prices = prices;
        }

        /// Without counted tokens, and where nobody knows what became of the question, it has cost
        /// what it could.
        @Override
        public void settle(Reply reply) {
            end(
                    switch (reply) {
                        case Reply.Answer answer ->
                                answer.tokens()
                                        .map(prices::costNanodollars)
                                        .orElse(reservation.amount());
                        case Reply.Failure failure ->
                                failure.mayHaveCost() ? reservation.amount() : 0;
                    });
        }

        @Override
        public void release() {
            end(0);
        }

        @Override
        public void close() {
            end(reservation.amount());
        }

        private void end(long cost) {
            if (closed.compareAndSet(false, true)) {
                book(new Settlement(reservation.id(), cost));
            }
        }
    }

    /// An answer that was paid for is not lost because the store fails to book it: [#sweep] tries
    /// again, and if this node dies before, the whole amount counts as spent.
    private void book(Settlement settlement) {
        try {
            settling.ask(settlement);
        } catch (RuntimeException e) {
            unsettled.add(settlement);
            log.log(Level.WARNING, "the cost of a call is booked later: " + e.getMessage());
        }
    }

    /// Books what could not be booked, settles what dead nodes have left, and forgets old periods.
    /// Returns when it wants to be called again.
    public Instant sweep(Instant now) {
        bookUnsettled();
        var forsaken = store.forsaken(now, now.minus(GRACE), MAX_BATCH);
        if (!forsaken.isEmpty()) {
            store.settle(forsaken);
            log.log(
                    Level.WARNING,
                    "{0} calls ended unknown and are booked at the most that they may cost",
                    forsaken.size());
        }
        boolean more = forsaken.size() == MAX_BATCH;
        if (!now.isBefore(pruneAt)) {
            int pruned = store.prune(now.minus(KEPT), MAX_BATCH);
            pruneAt = pruned == MAX_BATCH ? now : now.plus(BETWEEN_PRUNINGS);
        }
        return more ? now : now.plus(BETWEEN_SWEEPS);
    }

    /// What cannot be booked now counts as spent in full when this node's life has ended.
    @Override
    public void close() {
        try {
            bookUnsettled();
        } catch (RuntimeException e) {
            log.log(Level.WARNING, "the cost of calls could not be booked: " + e.getMessage());
        }
    }

    private void bookUnsettled() {
        var batch = new ArrayList<Settlement>();
        for (var next = unsettled.peek(); next != null; next = unsettled.peek()) {
            batch.add(next);
            unsettled.remove(next);
        }
        if (batch.isEmpty()) {
            return;
        }
        try {
            store.settle(batch);
        } catch (RuntimeException e) {
            unsettled.addAll(batch);
            throw e;
        }
    }
}
