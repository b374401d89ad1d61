package carillon.budget;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.task.Budget;
import carillon.task.Budget.OnExhausted;
import carillon.task.Budget.Period;
import carillon.task.TaskId;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VerdictTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final long DOLLAR = 1_000_000_000;

    private static Purse purse(long id, String limit, Period period, OnExhausted then) {
        var terms = new Budget(new BigDecimal(limit), period, ZoneOffset.UTC, then);
        return Purse.of(new TaskId(id), terms, NOW);
    }

    private static Purse purse(long id, String limit, OnExhausted then) {
        return purse(id, limit, Period.DAY, then);
    }

    private static Verdict verdict(long amount, Map<Purse, Standing> purses) {
        var all = List.copyOf(purses.keySet());
        return Verdict.of(amount, all, purse -> purses.getOrDefault(purse, Standing.UNTOUCHED));
    }

    @ParameterizedTest
    @CsvSource({
        "1.00, 0, 0, 1000000000, Granted",
        "1.00, 0, 0, 1000000001, Exhausted",
        "1.00, 600000000, 0, 400000000, Granted",
        "1.00, 600000000, 1, 400000000, Busy",
        "1.00, 600000001, 0, 400000000, Exhausted",
        "0, 0, 0, 1, Exhausted",
        "0, 0, 0, 0, Granted",
        "1.00, 5000000000, 0, 0, Granted",
        "1000000000, 999999999999999999, 0, 1, Granted",
        "1000000000, 999999999999999999, 0, 2, Exhausted"
    })
    void a_call_is_paid_as_far_as_the_money_goes(
            String limit, long spent, long reserved, long amount, String expected) {
        var purse = purse(7, limit, OnExhausted.SKIP);
        var verdict = verdict(amount, Map.of(purse, new Standing(spent, reserved)));
        assertThat(verdict.getClass().getSimpleName()).isEqualTo(expected);
    }

    @Test
    void what_is_used_up_wins_over_what_is_busy() {
        var busy = purse(7, "1", OnExhausted.SKIP);
        var empty = purse(8, "1", OnExhausted.WAIT);
        var verdict =
                verdict(5, Map.of(busy, new Standing(0, DOLLAR), empty, new Standing(DOLLAR, 0)));
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Exhausted.class,
                        exhausted -> assertThat(exhausted.shortfalls()).hasSize(1));
    }

    private static Verdict.Shortfall shortfall(Purse purse, long spent, long amount) {
        return new Verdict.Shortfall(purse, new Standing(spent, 0), amount);
    }

    @Test
    void the_strictest_budget_decides() {
        var skip = shortfall(purse(7, "1", OnExhausted.SKIP), DOLLAR, 5);
        var wait = shortfall(purse(8, "1", OnExhausted.WAIT), DOLLAR, 5);
        var month = shortfall(purse(9, "1", Period.MONTH, OnExhausted.WAIT), DOLLAR, 5);
        var cheaper = shortfall(purse(10, "1", OnExhausted.CHEAPER), DOLLAR, 5);
        assertThat(Refusals.of("x", List.of(cheaper))).isInstanceOf(Cashier.Grant.Cheaper.class);
        assertThat(Refusals.of("x", List.of(cheaper, wait, skip)))
                .isInstanceOf(Cashier.Grant.Never.class);
        assertThat(Refusals.of("x", List.of(cheaper, wait, month)))
                .isInstanceOfSatisfying(
                        Cashier.Grant.Later.class,
                        later ->
                                assertThat(later.until())
                                        .isEqualTo(Instant.parse("2026-04-01T00:00:00Z")));
    }

    @Test
    void nobody_waits_for_a_reset_that_cannot_help() {
        var wait = shortfall(purse(8, "1", OnExhausted.WAIT), 0, DOLLAR + 1);
        assertThat(Refusals.of("x", List.of(wait)))
                .isEqualTo(
                        new Cashier.Grant.Never(
                                "the budget of task 8, $1.00 a day, is too small: a call of model"
                                        + " 'x' may cost $1.000000001"));
    }

    @Test
    void a_refusal_says_which_budget_and_until_when() {
        var standing = new Standing(DOLLAR - 3, 2);
        var shortfall =
                new Verdict.Shortfall(purse(8, "1", OnExhausted.SKIP), standing, DOLLAR / 4);
        assertThat(Refusals.of("gpt-x", List.of(shortfall)))
                .isEqualTo(
                        new Cashier.Grant.Never(
                                "the budget of task 8, $1.00 a day, is used up: $0.999999997 are"
                                        + " spent and $0.000000002 reserved, and a call of model"
                                        + " 'gpt-x' may cost $0.25; it resets at"
                                        + " 2026-03-02T00:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "49, 100, 0, ''",
        "50, 100, 0, 50",
        "99, 100, 50, 80",
        "100, 100, 0, '50 80 100'",
        "100, 100, 100, ''",
        "900, 100, 80, 100",
        "0, 0, 0, ''",
        "1, 0, 0, '50 80 100'",
        "1, 3, 0, ''",
        "2, 3, 0, 50",
        "800000000000000000, 1000000000000000000, 50, 80",
    })
    void alerts_are_due_once_each(long spent, long limit, int told, String expected) {
        var due = Alerts.due(spent, limit, told).stream().map(String::valueOf).toList();
        assertThat(String.join(" ", due)).isEqualTo(expected);
    }

    @Test
    void tokens_that_no_provider_can_have_counted_do_not_overflow() {
        var standing = new Standing(0, 5);
        for (int i = 0; i < 9; i++) {
            standing = standing.settling(0, Long.MAX_VALUE);
        }
        assertThat(standing.spent()).isPositive();
        assertThat(standing.left(DOLLAR)).isZero();
        assertThat(standing.fits(1, 1_000_000_000 * DOLLAR)).isFalse();
    }

    @Test
    void money_is_exact_and_shown_with_whole_cents() {
        assertThat(Money.nanodollars(new BigDecimal("1.5"))).isEqualTo(3 * DOLLAR / 2);
        assertThat(Money.nanodollars(new BigDecimal("0.0000000019"))).isEqualTo(1);
        assertThat(Money.dollars(DOLLAR)).isEqualTo(new BigDecimal("1"));
        assertThat(Money.words(20 * DOLLAR)).isEqualTo("$20.00");
        assertThat(Money.words(1)).isEqualTo("$0.000000001");
        assertThat(Money.words(0)).isEqualTo("$0.00");
    }
}
