package carillon.perform;

import static carillon.perform.PaidPrompts.BOUND;
import static carillon.perform.PaidPrompts.TOKEN;
import static carillon.perform.PaidPrompts.answer;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.budget.Purse;
import carillon.budget.Standing;
import carillon.perform.ChatServer.Told;
import carillon.run.Outcome;
import carillon.store.StoreSettings;
import carillon.store.TestPostgres;
import carillon.task.Budget;
import carillon.task.Budget.OnExhausted;
import carillon.task.Budget.Period;
import carillon.task.TaskId;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Many attempts at once that together want more than there is.
@Timeout(120)
final class OneDollarTest {
    private static final int RUNS = 200;
    private static final long DOLLAR = 1_000_000_000;
    private static final Budget BUDGET =
            new Budget(BigDecimal.ONE, Period.DAY, ZoneOffset.UTC, OnExhausted.SKIP);

    @Test
    void two_hundred_runs_do_not_spend_more_than_a_dollar(@TempDir Path folder) throws Exception {
        try (var node = new PaidPrompts(new StoreSettings.Sqlite(folder))) {
            spend(List.of(node));
        }
    }

    @Test
    void nor_do_they_on_two_nodes() throws Exception {
        var database = TestPostgres.newDatabase();
        try (var one = new PaidPrompts(database);
                var two = new PaidPrompts(database)) {
            spend(List.of(one, two));
        }
    }

    /// The server counts what it charges: each answer costs from 2 to 31 tokens, a fifth of all
    /// questions is refused.
    private static void spend(List<PaidPrompts> nodes) throws Exception {
        var charged = new AtomicLong();
        var asked = new AtomicLong();
        try (var server = new ChatServer(_ -> charge(asked.incrementAndGet(), charged))) {
            nodes.forEach(node -> node.dear("dear", server.url()));
            var ends = runAll(nodes);
            var purse = Purse.of(new TaskId(7), BUDGET, nodes.getFirst().now());
            var standing =
                    nodes.getFirst().stores.budgets().standings(List.of(purse)).get(purse.key());
            assertThat(standing).isEqualTo(new Standing(charged.get(), 0));
            assertThat(charged.get()).isLessThanOrEqualTo(DOLLAR).isGreaterThan(DOLLAR - BOUND);
            assertThat(ends).hasSize(RUNS);
            assertThat(ends.stream().filter(Outcome.Skipped.class::isInstance)).isNotEmpty();
        }
    }

    private static Told charge(long question, AtomicLong charged) {
        if (question % 5 == 0) {
            return new Told(503, Map.of(), "{}");
        }
        int output = (int) (question % 10) + 1;
        charged.addAndGet((21 + output) * TOKEN);
        return Told.ok(answer(21, output));
    }

    private static List<Outcome> runAll(List<PaidPrompts> nodes) throws Exception {
        var ends = new ArrayList<Outcome>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var runs = new ArrayList<Callable<Outcome>>();
            for (int i = 0; i < RUNS; i++) {
                var node = nodes.get(i % nodes.size());
                runs.add(() -> run(node));
            }
            for (var run : threads.invokeAll(runs)) {
                ends.add(run.get());
            }
        }
        return ends;
    }

    /// As the engine does it, without the waiting in between.
    private static Outcome run(PaidPrompts node) throws InterruptedException {
        while (true) {
            var outcome = node.ask(BUDGET);
            if (!(outcome instanceof Outcome.Postponed)) {
                return outcome;
            }
        }
    }
}
