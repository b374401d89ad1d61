package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.ai.Spending;
import carillon.budget.BudgetStore;
import carillon.budget.BudgetStore.Settlement;
import carillon.budget.PastCosts;
import carillon.budget.Purse;
import carillon.budget.Reservation;
import carillon.budget.Scope;
import carillon.budget.Standing;
import carillon.budget.StoredBudget;
import carillon.budget.Verdict;
import carillon.cluster.Holder;
import carillon.event.Event;
import carillon.run.Asked;
import carillon.run.Completion;
import carillon.run.ModelAnswer;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.run.RunState;
import carillon.task.Budget;
import carillon.task.Budget.OnExhausted;
import carillon.task.Budget.Period;
import carillon.task.Task;
import carillon.task.TaskId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class BudgetStoreContract extends StoreContract {
    private static final long DOLLAR = 1_000_000_000;
    private static final Holder NOBODY = new Holder("gone", 999);

    private BudgetStore budgets;
    private Holder holder;

    BudgetStoreContract(Fixture fixture) {
        super(fixture);
        budgets = fixture.stores().budgets();
        holder = NOBODY;
    }

    @BeforeEach
    final void open() {
        budgets = stores().budgets();
        holder = Some.join(stores(), "node");
    }

    private static Budget terms(String limit, Period period) {
        return new Budget(new BigDecimal(limit), period, ZoneOffset.UTC, OnExhausted.SKIP);
    }

    private static Budget terms(String limit) {
        return terms(limit, Period.DAY);
    }

    private StoredBudget stored(Scope scope, String name, Budget terms) {
        return new StoredBudget(budgets.newId(), 1, scope, name, terms, NOON, NOON);
    }

    private static Purse purse(long id, String limit) {
        return Purse.of(new TaskId(id), terms(limit), NOON);
    }

    private Reservation wanted(Holder by, long amount, Purse... purses) {
        return new Reservation(
                budgets.newId(),
                new Reservation.Claim(42, 1, by),
                "gpt-x",
                amount,
                NOON,
                List.of(purses));
    }

    private Reservation wanted(long amount, Purse... purses) {
        return wanted(holder, amount, purses);
    }

    private Reservation reserved(long amount, Purse... purses) {
        var wanted = wanted(amount, purses);
        assertThat(budgets.reserve(List.of(wanted))).containsExactly(new Verdict.Granted());
        return wanted;
    }

    private Standing standing(Purse purse) {
        return budgets.standings(List.of(purse)).getOrDefault(purse.key(), Standing.UNTOUCHED);
    }

    @Test
    void a_budget_is_read_as_it_was_written() {
        var zone = ZoneId.of("Europe/Berlin");
        var terms = new Budget(new BigDecimal("0.25"), Period.WEEK, zone, OnExhausted.CHEAPER);
        var made = stored(Scope.TAG, "bl\u00fce=1", terms);
        assertThat(budgets.create(made)).isTrue();
        assertThat(budgets.find(made.id())).hasValue(made);
        assertThat(budgets.find(made.id() + 1)).isEmpty();
    }

    @Test
    void there_is_one_budget_for_each_scope_name_and_period() {
        assertThat(budgets.create(stored(Scope.INSTALLATION, "", terms("1")))).isTrue();
        assertThat(budgets.create(stored(Scope.INSTALLATION, "", terms("2")))).isFalse();
        assertThat(budgets.create(stored(Scope.INSTALLATION, "", terms("2", Period.MONTH))))
                .isTrue();
        assertThat(budgets.create(stored(Scope.TAG, "x", terms("1")))).isTrue();
        assertThat(budgets.create(stored(Scope.MODEL, "x", terms("1")))).isTrue();
        var all = budgets.list(Long.MAX_VALUE, 9);
        assertThat(all).hasSize(4);
        assertThat(all.getFirst().scope()).isEqualTo(Scope.MODEL);
        assertThat(budgets.list(all.get(1).id(), 1)).containsExactly(all.get(2));
    }

    @Test
    void a_change_of_a_version_that_is_no_longer_in_force_is_refused() {
        var made = stored(Scope.KEY, "ci", terms("1"));
        budgets.create(made);
        var later = NOON.plusSeconds(1);
        var terms = new Budget(new BigDecimal("7"), Period.DAY, ZoneOffset.MAX, OnExhausted.WAIT);
        var changed = new StoredBudget(made.id(), 2, Scope.KEY, "ci", terms, NOON, later);
        assertThat(budgets.update(changed, 1)).isTrue();
        assertThat(budgets.find(made.id())).hasValue(changed);
        assertThat(budgets.update(changed, 1)).isFalse();
        assertThat(budgets.delete(made.id())).isTrue();
        assertThat(budgets.delete(made.id())).isFalse();
        assertThat(budgets.update(changed, 2)).isFalse();
    }

    @Test
    void money_is_put_aside_and_then_booked() {
        var purse = purse(7, "1");
        assertThat(budgets.standings(List.of(purse))).isEmpty();
        var call = reserved(DOLLAR / 4, purse);
        assertThat(standing(purse)).isEqualTo(new Standing(0, DOLLAR / 4));
        budgets.settle(List.of(new Settlement(call.id(), DOLLAR / 5)));
        assertThat(standing(purse)).isEqualTo(new Standing(DOLLAR / 5, 0));
        budgets.settle(List.of(new Settlement(call.id(), DOLLAR / 5)));
        assertThat(standing(purse)).isEqualTo(new Standing(DOLLAR / 5, 0));
    }

    @Test
    void what_costs_nothing_gives_all_of_it_back() {
        var purse = purse(7, "1");
        var call = reserved(DOLLAR, purse);
        assertThat(budgets.reserve(List.of(wanted(1, purse))).getFirst())
                .isInstanceOf(Verdict.Busy.class);
        budgets.settle(List.of(new Settlement(call.id(), 0)));
        assertThat(standing(purse)).isEqualTo(Standing.UNTOUCHED);
        reserved(DOLLAR, purse);
    }

    @Test
    void a_call_is_paid_from_all_of_its_purses_or_from_none() {
        var wide = purse(7, "5");
        var narrow = purse(8, "1");
        reserved(DOLLAR, wide, narrow);
        var refused = budgets.reserve(List.of(wanted(DOLLAR, wide, narrow))).getFirst();
        assertThat(refused).isEqualTo(new Verdict.Busy(narrow, new Standing(0, DOLLAR)));
        assertThat(standing(wide)).isEqualTo(new Standing(0, DOLLAR));
    }

    @Test
    void one_batch_gives_no_money_out_twice() {
        var purse = purse(7, "1");
        var other = purse(8, "0.5");
        var half = DOLLAR / 2;
        var verdicts =
                budgets.reserve(
                        List.of(
                                wanted(half, purse),
                                wanted(half, purse, other),
                                wanted(half, purse),
                                wanted(half, other)));
        assertThat(verdicts.get(0)).isEqualTo(new Verdict.Granted());
        assertThat(verdicts.get(1)).isEqualTo(new Verdict.Granted());
        assertThat(verdicts.get(2)).isInstanceOf(Verdict.Busy.class);
        assertThat(verdicts.get(3)).isInstanceOf(Verdict.Busy.class);
        assertThat(standing(purse)).isEqualTo(new Standing(0, DOLLAR));
        assertThat(standing(other)).isEqualTo(new Standing(0, half));
    }

    @Test
    void a_budget_of_zero_pays_nothing() {
        var purse = purse(7, "0");
        assertThat(budgets.reserve(List.of(wanted(1, purse))).getFirst())
                .isInstanceOf(Verdict.Exhausted.class);
    }

    @Test
    void each_period_has_its_own_money() {
        var today = purse(7, "1");
        var tomorrow = Purse.of(new TaskId(7), terms("1"), NOON.plus(Duration.ofDays(1)));
        var call = reserved(DOLLAR, today);
        reserved(DOLLAR, tomorrow);
        // What was asked for before midnight is booked on the day that it was asked.
        budgets.settle(List.of(new Settlement(call.id(), 7)));
        assertThat(standing(today)).isEqualTo(new Standing(7, 0));
        assertThat(standing(tomorrow)).isEqualTo(new Standing(0, DOLLAR));
    }

    private List<Event> alerts() {
        return stores().events().after(0, 100).stream()
                .filter(event -> event.type().equals("budget.alert"))
                .toList();
    }

    private void spend(long amount, Purse purse) {
        budgets.settle(List.of(new Settlement(reserved(amount, purse).id(), amount)));
    }

    @Test
    void each_threshold_is_told_of_once_a_period() {
        var purse = purse(7, "1");
        spend(DOLLAR / 2 - 1, purse);
        assertThat(alerts()).isEmpty();
        spend(1, purse);
        spend(1, purse);
        assertThat(alerts()).hasSize(1);
        assertThat(alerts().getFirst().data())
                .containsEntry("budget_id", 7L)
                .containsEntry("budget", "task 7")
                .containsEntry("task_id", 7L)
                .containsEntry("percent", 50)
                .containsEntry("spent", new BigDecimal("0.5"))
                .containsEntry("limit", new BigDecimal("1"));
        spend(DOLLAR / 2 - 1, purse);
        assertThat(alerts().stream().map(event -> event.data().get("percent")))
                .containsExactly(50, 80, 100);
        spend(DOLLAR, Purse.of(new TaskId(7), terms("1"), NOON.plus(Duration.ofDays(1))));
        assertThat(alerts()).hasSize(6);
    }

    private List<Settlement> forsaken(Instant now, Instant madeBefore) {
        return budgets.forsaken(now, madeBefore, 9);
    }

    @Test
    void reservations_of_the_dead_are_forsaken() {
        var purse = purse(7, "9");
        var dead = wanted(NOBODY, 5, purse, purse(8, "9"));
        budgets.reserve(List.of(dead));
        var alive = reserved(6, purse);
        var hourAgo = NOON.minus(Duration.ofHours(1));
        assertThat(forsaken(NOON, hourAgo)).containsExactly(new Settlement(dead.id(), 5));
        // The lease of the other runs out.
        assertThat(forsaken(NOON.plusSeconds(31), hourAgo))
                .containsExactly(new Settlement(dead.id(), 5), new Settlement(alive.id(), 6));
        budgets.settle(forsaken(NOON, hourAgo));
        assertThat(standing(purse)).isEqualTo(new Standing(5, 6));
        assertThat(forsaken(NOON, hourAgo)).isEmpty();
    }

    @Test
    void a_reservation_of_the_living_is_forsaken_when_its_attempt_is_over() {
        var task = Some.task(stores(), Some.definition("prompt"));
        var lease = Some.leased(stores(), task, holder, NOON);
        var purse = purse(7, "9");
        var claim = Reservation.Claim.of(lease);
        var call = new Reservation(budgets.newId(), claim, "x", 5, NOON, List.of(purse));
        budgets.reserve(List.of(call));
        var later = NOON.plusSeconds(9);
        assertThat(forsaken(NOON, later)).isEmpty();
        stores().leases().complete(List.of(Some.success(lease, NOON)));
        assertThat(forsaken(NOON, NOON)).isEmpty();
        assertThat(forsaken(NOON, later)).containsExactly(new Settlement(call.id(), 5));
    }

    @Test
    void a_reservation_made_by_hand_is_forsaken_when_it_is_old() {
        var by = Reservation.Claim.BY_HAND;
        var purses = List.of(purse(7, "9"));
        var call = new Reservation(budgets.newId(), by, "x", 5, NOON, purses);
        budgets.reserve(List.of(call));
        assertThat(forsaken(NOON, NOON)).isEmpty();
        assertThat(forsaken(NOON, NOON.plusMillis(1)))
                .containsExactly(new Settlement(call.id(), 5));
    }

    @Test
    void what_a_task_has_cost_is_the_average_of_its_latest_answers() {
        var task = Some.task(stores(), Some.definition("prompt"));
        var past = stores().pastCosts();
        assertThat(past.latest(task.id(), 9)).isEmpty();
        answered(task, OptionalLong.of(1_000));
        answered(task, OptionalLong.of(20));
        answered(task, OptionalLong.empty());
        answered(task, OptionalLong.of(31));
        assertThat(past.latest(task.id(), 2)).hasValue(new PastCosts.Average(26, 2));
        assertThat(past.latest(task.id(), 9)).hasValue(new PastCosts.Average(350, 3));
    }

    private void answered(Task task, OptionalLong cost) {
        var lease = Some.leased(stores(), task, holder, NOON);
        var answer =
                new ModelAnswer(
                        "Hi",
                        ModelAnswer.State.WHOLE,
                        new ModelAnswer.Source("x", "x", Optional.empty()),
                        new Spending(Optional.empty(), cost),
                        Duration.ZERO);
        var outcome = new Outcome.Succeeded(Output.NONE, new Asked(Optional.of(answer), List.of()));
        var end = new Outcome.Next.Finish(RunState.SUCCEEDED, "");
        stores().leases().complete(List.of(new Completion(lease, NOON, NOON, outcome, end)));
    }

    @Test
    void purses_are_forgotten_when_they_are_old_and_nothing_is_reserved() {
        var purse = purse(7, "9");
        var open = purse(8, "9");
        spend(5, purse);
        var call = reserved(5, open);
        var end = purse.span().end();
        assertThat(budgets.prune(end, 9)).isZero();
        assertThat(budgets.prune(end.plusMillis(1), 9)).isEqualTo(1);
        assertThat(standing(purse)).isEqualTo(Standing.UNTOUCHED);
        budgets.settle(List.of(new Settlement(call.id(), 5)));
        assertThat(budgets.prune(end.plusMillis(1), 9)).isEqualTo(1);
    }

    @Test
    void a_deleted_budget_takes_what_it_spent_with_it() {
        var made = stored(Scope.MODEL, "x", terms("1"));
        budgets.create(made);
        var purse = Purse.of(made, NOON);
        var call = reserved(5, purse);
        budgets.delete(made.id());
        budgets.settle(List.of(new Settlement(call.id(), 5)));
        assertThat(standing(purse)).isEqualTo(Standing.UNTOUCHED);
    }

    /// Each from two purses, named in either order.
    @Test
    void many_at_once_never_get_more_than_there_is() throws Exception {
        var one = purse(7, "0.000000100");
        var two = purse(8, "0.000000100");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Long>> calls =
                    IntStream.range(0, 200)
                            .<Callable<Long>>mapToObj(
                                    i -> () -> i % 2 == 0 ? pay(one, two) : pay(two, one))
                            .toList();
            long paid = 0;
            for (var call : threads.invokeAll(calls)) {
                paid += call.get();
            }
            assertThat(paid).isPositive().isLessThanOrEqualTo(100);
            assertThat(standing(one)).isEqualTo(new Standing(paid, 0));
            assertThat(standing(two)).isEqualTo(new Standing(paid, 0));
        }
    }

    /// Returns what was spent.
    private long pay(Purse... purses) {
        var wanted = wanted(3, purses);
        if (!(budgets.reserve(List.of(wanted)).getFirst() instanceof Verdict.Granted)) {
            return 0;
        }
        budgets.settle(List.of(new Settlement(wanted.id(), 2)));
        return 2;
    }
}
