package carillon.perform;

import static carillon.perform.PaidPrompts.BOUND;
import static carillon.perform.PaidPrompts.TOKEN;
import static carillon.perform.PaidPrompts.answer;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.ai.Prices;
import carillon.budget.Budgets.NewBudget;
import carillon.budget.Money;
import carillon.budget.Purse;
import carillon.budget.Scope;
import carillon.budget.Standing;
import carillon.egress.RawServer;
import carillon.perform.ChatServer.Told;
import carillon.run.Outcome;
import carillon.store.StoreSettings;
import carillon.task.Budget;
import carillon.task.Budget.OnExhausted;
import carillon.task.Budget.Period;
import carillon.task.Task;
import carillon.task.TaskId;
import carillon.task.TaskVersion;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class PaidPromptsTest {
    private static final TaskId TASK = new TaskId(7);

    @TempDir private Path folder;
    private PaidPrompts prompts;
    private ChatServer server;

    @BeforeEach
    void start() throws IOException {
        prompts = new PaidPrompts(new StoreSettings.Sqlite(folder));
        server = new ChatServer(Told.ok(answer(5, 2)));
        prompts.dear("dear", server.url());
    }

    @AfterEach
    void stop() {
        server.close();
        prompts.close();
    }

    private static Budget budget(long nanodollars, OnExhausted then) {
        return new Budget(Money.dollars(nanodollars), Period.DAY, ZoneOffset.UTC, then);
    }

    private static Budget budget(long nanodollars) {
        return budget(nanodollars, OnExhausted.SKIP);
    }

    private Standing standing(Budget budget) {
        var purse = Purse.of(TASK, budget, prompts.now());
        return prompts.stores
                .budgets()
                .standings(List.of(purse))
                .getOrDefault(purse.key(), Standing.UNTOUCHED);
    }

    private static String reason(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Succeeded _ -> "";
            case Outcome.Failed failed -> failed.reason();
            case Outcome.Postponed(var reason, _, _) -> reason;
            case Outcome.Skipped(var reason) -> reason;
        };
    }

    @Test
    void an_answer_costs_what_its_tokens_cost() throws Exception {
        var budget = budget(BOUND);
        assertThat(prompts.ask(budget)).isInstanceOf(Outcome.Succeeded.class);
        assertThat(standing(budget)).isEqualTo(new Standing(7 * TOKEN, 0));
    }

    @Test
    void when_the_money_is_spent_the_run_is_skipped_until_the_next_day() throws Exception {
        var budget = budget(BOUND + 7 * TOKEN);
        prompts.ask(budget);
        prompts.ask(budget);
        var third = prompts.ask(budget);
        assertThat(third).isInstanceOf(Outcome.Skipped.class);
        assertThat(reason(third))
                .isEqualTo(
                        "the budget of task 7, $0.038 a day, is used up: $0.014 are spent, and a"
                                + " call of model 'dear' may cost $0.031; it resets at"
                                + " 2026-03-02T00:00:00Z");
        assertThat(server.count()).isEqualTo(2);
        prompts.set(Instant.parse("2026-03-02T00:00:00Z"));
        assertThat(prompts.ask(budget)).isInstanceOf(Outcome.Succeeded.class);
    }

    @Test
    void a_run_that_waits_comes_again_when_the_budget_resets() throws Exception {
        var budget = budget(BOUND, OnExhausted.WAIT);
        prompts.ask(budget);
        assertThat(prompts.ask(budget))
                .isInstanceOfSatisfying(
                        Outcome.Postponed.class,
                        postponed -> {
                            assertThat(postponed.until()).isEqualTo("2026-03-02T00:00:00Z");
                            assertThat(postponed.reason()).startsWith("waiting: the budget of");
                        });
    }

    @Test
    void a_cheaper_model_is_asked_when_the_money_is_not_enough() throws Exception {
        var prices = new Prices(new BigDecimal(1), new BigDecimal(1));
        prompts.model("cheap", server.url(), Optional.of(prices));
        prompts.dear("dear", server.url(), "dear too", "cheap");
        prompts.dear("dear too", server.url());
        var budget = budget(BOUND - 1, OnExhausted.CHEAPER);
        assertThat(prompts.ask(budget)).isInstanceOf(Outcome.Succeeded.class);
        assertThat(server.count()).isEqualTo(1);
        assertThat(server.next().body().path("model").asText()).isEqualTo("cheap");
        assertThat(standing(budget).spent()).isEqualTo(7_000);
    }

    @Test
    void without_a_model_that_is_cheap_enough_the_run_is_skipped() throws Exception {
        prompts.dear("dear", server.url(), "dear too");
        prompts.dear("dear too", server.url());
        var outcome = prompts.ask(budget(BOUND - 1, OnExhausted.CHEAPER));
        assertThat(outcome).isInstanceOf(Outcome.Skipped.class);
        assertThat(reason(outcome)).contains("model 'dear'").contains("model 'dear too'");
        assertThat(server.count()).isZero();
    }

    @ParameterizedTest
    @EnumSource(OnExhausted.class)
    void a_budget_of_zero_refuses_every_call_that_costs_something(OnExhausted then)
            throws Exception {
        var outcome = prompts.ask(budget(0, then));
        assertThat(outcome).isInstanceOf(Outcome.Skipped.class);
        assertThat(reason(outcome)).contains("$0.00 a day, is too small");
        assertThat(server.count()).isZero();
    }

    @Test
    void what_is_free_is_asked_under_a_budget_of_zero_and_writes_nothing() throws Exception {
        prompts.model("dear", server.url(), Optional.of(Prices.FREE));
        var budget = budget(0);
        assertThat(prompts.ask(budget)).isInstanceOf(Outcome.Succeeded.class);
        assertThat(standing(budget)).isEqualTo(Standing.UNTOUCHED);
    }

    @Test
    void a_model_without_prices_is_not_asked_under_a_budget() throws Exception {
        prompts.model("dear", server.url(), Optional.empty());
        var outcome = prompts.ask(budget(BOUND));
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        assertThat(reason(outcome))
                .startsWith("model 'dear' has no prices, so the budget of task 7")
                .endsWith("give the model its prices");
        assertThat(server.count()).isZero();
        assertThat(prompts.ask(PaidPrompts.lease(Optional.empty(), Map.of())))
                .isInstanceOf(Outcome.Succeeded.class);
    }

    @ParameterizedTest
    @CsvSource({"401,0", "429,0", "400,0", "500,0", "503,0", "408,31", "504,31"})
    void a_refusal_costs_nothing_but_a_time_that_was_over_may(int status, long tokens)
            throws Exception {
        try (var refusing = new ChatServer(new Told(status, Map.of(), "{}"))) {
            prompts.dear("dear", refusing.url());
            var budget = budget(BOUND);
            prompts.ask(budget);
            assertThat(standing(budget)).isEqualTo(new Standing(tokens * TOKEN, 0));
        }
    }

    @Test
    void what_never_came_to_a_provider_costs_nothing() throws Exception {
        // Bound, so that nobody else gets the port, and not listening.
        try (var port = new Socket()) {
            port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            prompts.dear("dear", URI.create("http://127.0.0.1:" + port.getLocalPort()));
            var budget = budget(BOUND);
            assertThat(reason(prompts.ask(budget))).contains("refused");
            assertThat(standing(budget)).isEqualTo(Standing.UNTOUCHED);
        }
    }

    @Test
    void a_connection_that_breaks_may_have_cost_all_that_was_reserved() throws Exception {
        var head = "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{";
        try (var breaking =
                new RawServer(
                        connection -> {
                            RawServer.readHead(connection);
                            RawServer.write(connection.getOutputStream(), head);
                        })) {
            prompts.dear("dear", breaking.url());
            var budget = budget(BOUND);
            assertThat(prompts.ask(budget)).isInstanceOf(Outcome.Failed.class);
            assertThat(standing(budget)).isEqualTo(new Standing(BOUND, 0));
        }
    }

    @Test
    void an_answer_whose_tokens_nobody_counted_costs_all_that_was_reserved() throws Exception {
        var uncounted = answer(5, 2).replaceAll("(?s),\\s*\"usage\".*", "}");
        try (var silent = new ChatServer(Told.ok(uncounted))) {
            prompts.dear("dear", silent.url());
            var budget = budget(BOUND);
            assertThat(prompts.ask(budget)).isInstanceOf(Outcome.Succeeded.class);
            assertThat(standing(budget)).isEqualTo(new Standing(BOUND, 0));
        }
    }

    @Test
    void an_attempt_that_is_interrupted_may_have_cost_all_that_was_reserved() throws Exception {
        var asked = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        var budget = budget(2 * BOUND);
        try (var hanging = new ChatServer(_ -> hang(asked, never))) {
            prompts.dear("dear", hanging.url());
            var attempt = Thread.startVirtualThread(() -> interrupted(budget));
            asked.await();
            assertThat(standing(budget)).isEqualTo(new Standing(0, BOUND));
            // The rest is not enough, but may be soon.
            var busy = prompts.ask(budget(2 * BOUND - 1));
            assertThat(busy).isInstanceOf(Outcome.Postponed.class);
            assertThat(reason(busy)).startsWith("waiting for calls under way");
            attempt.interrupt();
            attempt.join();
            assertThat(standing(budget)).isEqualTo(new Standing(BOUND, 0));
        } finally {
            never.countDown();
        }
    }

    private static Told hang(CountDownLatch asked, CountDownLatch never) {
        asked.countDown();
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Told.ok("{}");
    }

    private void interrupted(Budget budget) {
        try {
            prompts.ask(budget);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void store(Scope scope, String name, long nanodollars) {
        prompts.budgets.create(new NewBudget(scope, name, budget(nanodollars)));
    }

    @ParameterizedTest
    @CsvSource({
        "INSTALLATION,'',true",
        "TAG,team,true",
        "TAG,team=red,true",
        "TAG,team=blue,false",
        "TAG,red,false",
        "MODEL,dear,true",
        "MODEL,cheap,false",
        "KEY,key:ci,true",
        "KEY,ci,true",
        "KEY,admin,false",
    })
    void a_stored_budget_covers_what_its_scope_says(Scope scope, String name, boolean covers)
            throws Exception {
        var lease = PaidPrompts.lease(Optional.empty(), Map.of("team", "red"));
        var definition = lease.definition();
        var progress = new Task.Progress(Optional.empty(), Optional.empty(), 0);
        var at = prompts.now();
        prompts.stores
                .tasks()
                .create(
                        new Task(TASK, "native", 1, definition, false, at, at, progress),
                        new TaskVersion(
                                TASK, 1, definition, at, at, "key:ci", OptionalInt.empty()));
        store(scope, name, 0);
        var outcome = prompts.ask(lease);
        assertThat(outcome instanceof Outcome.Skipped).as("%s", outcome).isEqualTo(covers);
    }

    @Test
    void all_budgets_that_apply_pay() throws Exception {
        store(Scope.INSTALLATION, "", 5 * BOUND);
        store(Scope.MODEL, "dear", 3 * BOUND);
        var own = budget(BOUND);
        prompts.ask(own);
        for (var account : prompts.budgets.accounts(prompts.budgets.list(Long.MAX_VALUE, 9))) {
            assertThat(account.standing()).isEqualTo(new Standing(7 * TOKEN, 0));
        }
        assertThat(standing(own)).isEqualTo(new Standing(7 * TOKEN, 0));
    }

    @Test
    void a_change_of_a_stored_budget_is_heeded_at_once_here_and_soon_elsewhere() throws Exception {
        var lease = PaidPrompts.lease(Optional.empty(), Map.of());
        assertThat(prompts.ask(lease)).isInstanceOf(Outcome.Succeeded.class);
        store(Scope.INSTALLATION, "", 0);
        assertThat(prompts.ask(lease)).isInstanceOf(Outcome.Skipped.class);
        // Another node deletes it.
        var id = prompts.budgets.list(Long.MAX_VALUE, 1).getFirst().id();
        prompts.stores.budgets().delete(id);
        prompts.set(prompts.now().plus(Duration.ofSeconds(1)));
        assertThat(prompts.ask(lease)).isInstanceOf(Outcome.Succeeded.class);
    }

    @Test
    void a_sweep_books_what_a_dead_node_had_reserved() throws Exception {
        var asked = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        var budget = budget(BOUND);
        try (var hanging = new ChatServer(_ -> hang(asked, never))) {
            prompts.dear("dear", hanging.url());
            var attempt = Thread.startVirtualThread(() -> interrupted(budget));
            asked.await();
            // Its node never joined.
            prompts.treasury.sweep(prompts.now());
            assertThat(standing(budget)).isEqualTo(new Standing(BOUND, 0));
            attempt.interrupt();
            attempt.join();
            assertThat(standing(budget)).isEqualTo(new Standing(BOUND, 0));
        } finally {
            never.countDown();
        }
    }
}
