package carillon.perform;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.ai.Defaults;
import carillon.ai.Endpoint;
import carillon.ai.Limits;
import carillon.ai.Model;
import carillon.ai.Prices;
import carillon.ai.Provider;
import carillon.ai.Terms;
import carillon.batch.Batch;
import carillon.batch.BatchEnd;
import carillon.batch.BatchOrder;
import carillon.batch.Bulk;
import carillon.batch.Totals;
import carillon.egress.AllowList;
import carillon.egress.Egress;
import carillon.egress.EgressSettings;
import carillon.json.Json;
import carillon.perform.BulkServer.Fate;
import carillon.task.RetryOn;
import carillon.task.RetryPolicy;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Batches that have time, with a provider that takes questions in bulk.
@Timeout(120)
final class OpenAiBulkTest {
    private static final InstantSource TIME = InstantSource.system();
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final RetryPolicy TWICE =
            new RetryPolicy(2, Duration.ZERO, Duration.ZERO, 1, RetryOn.TRANSIENT);

    /// A thousand tokens each way, at a dollar a million: two thousandths of a dollar.
    private static final Terms TERMS =
            new Terms(Optional.of(new Prices(BigDecimal.ONE, BigDecimal.ONE)), Limits.NONE);

    private static final long DIRECT = 2_000_000;
    private static final long IN_BULK = 1_000_000;

    @TempDir private Path folder;
    private final Egress egress =
            Egress.open(
                    new EgressSettings(
                            AllowList.of(List.of("127.0.0.1")), Set.of(), 100, "Carillon/test"));
    private BulkServer provider;

    @BeforeEach
    void open() throws IOException {
        provider = new BulkServer();
    }

    @AfterEach
    void close() {
        provider.close();
        egress.close();
    }

    private Optional<Model> model(String name) {
        var endpoint =
                new Endpoint(provider.url(), Optional.of("sk-secret"), Endpoint.Source.CALLER);
        return Optional.of(
                new Model(
                        name,
                        Provider.OPENAI,
                        name,
                        Optional.of(endpoint),
                        Defaults.NONE,
                        TERMS,
                        List.of(),
                        LONG));
    }

    private Batch batch(Optional<Instant> neededBy, OptionalLong budget, boolean resume) {
        var saying =
                new BatchOrder.Saying(
                        Optional.of("m"), Optional.empty(), false, false, BatchOrder.Scope.ALL);
        var pace = new BatchOrder.Pace(4, budget, TWICE, neededBy);
        var order = new BatchOrder(folder.resolve("in.csv"), output(), saying, pace, resume);
        var ways = new Ways(egress, egress);
        var habits =
                new Bulk.Habits(
                        Duration.ofSeconds(3), Duration.ofMillis(10), Duration.ofMillis(50));
        var chat = MeteredChat.unmetered(new ChatClients(ways, TIME));
        return new Batch(
                order,
                new Batch.Means(
                        this::model,
                        new RowQuestions(this::model, chat, TIME),
                        new OpenAiBulk(ways, habits, TIME),
                        TIME,
                        Duration.ofSeconds(5)));
    }

    private static Optional<Instant> in(Duration length) {
        return Optional.of(TIME.instant().plus(length));
    }

    private BatchEnd run() throws InterruptedException {
        return batch(in(Duration.ofHours(1)), OptionalLong.empty(), false).run();
    }

    private Path output() {
        return folder.resolve("out.jsonl");
    }

    private void rows(int count) throws IOException {
        var text = new StringBuilder("id,prompt,model\n");
        for (int i = 0; i < count; i++) {
            text.append("r%d,question %d,%s\n".formatted(i, i, i % 3 == 0 ? "other" : ""));
        }
        Files.writeString(folder.resolve("in.csv"), text);
    }

    private List<String> answers() throws IOException {
        return Files.readAllLines(output()).stream()
                .map(line -> Json.read(line).path("response").asText())
                .toList();
    }

    @Test
    void rows_that_have_time_are_answered_in_bulk_for_half_the_money() throws Exception {
        rows(9);
        assertThat(run())
                .isEqualTo(new BatchEnd.Whole(new Totals(9, 0, 9_000, 9_000, 9 * IN_BULK)));
        assertThat(provider.direct()).isEmpty();
        assertThat(provider.batches()).hasSize(2); // One for each model.
        var lines = Files.readAllLines(output());
        for (int i = 0; i < 9; i++) {
            var line = Json.read(lines.get(i));
            assertThat(line.path("id").asText()).isEqualTo("r" + i);
            assertThat(line.path("response").asText()).isEqualTo("in bulk question " + i);
            assertThat(line.path("cost").decimalValue()).isEqualByComparingTo("0.001");
            assertThat(line.path("request").path("model").asText())
                    .isEqualTo(i % 3 == 0 ? "other" : "m");
        }
        assertThat(folder.resolve("out.jsonl.batch")).doesNotExist();
    }

    @Test
    void only_rows_that_failed_are_asked_again_and_of_two_answers_the_first_counts()
            throws Exception {
        rows(8);
        provider.fate(
                text ->
                        switch (text) {
                            case "question 2", "question 5" -> Fate.FAILED;
                            case "question 3" -> Fate.ANSWERED_TWICE;
                            default -> Fate.ANSWERED;
                        });
        assertThat(run())
                .isEqualTo(
                        new BatchEnd.Whole(
                                new Totals(8, 0, 8_000, 8_000, 6 * IN_BULK + 2 * DIRECT)));
        assertThat(provider.direct()).containsExactlyInAnyOrder("question 2", "question 5");
        assertThat(answers())
                .containsExactly(
                        "in bulk question 0",
                        "in bulk question 1",
                        "directly question 2",
                        "in bulk question 3",
                        "in bulk question 4",
                        "directly question 5",
                        "in bulk question 6",
                        "in bulk question 7");
    }

    @Test
    void what_expires_is_asked_row_by_row() throws Exception {
        rows(5);
        provider.expires().fate(text -> text.endsWith("1") ? Fate.LEFT : Fate.ANSWERED);
        assertThat(run()).isInstanceOf(BatchEnd.Whole.class);
        assertThat(provider.direct()).containsExactly("question 1");
        assertThat(answers()).hasSize(5).contains("directly question 1");
    }

    @Test
    void what_is_not_done_in_time_is_called_back_and_asked_row_by_row() throws Exception {
        rows(6);
        provider.fate(text -> text.endsWith("4") ? Fate.LEFT : Fate.ANSWERED);
        var needed = in(Duration.ofSeconds(6));
        assertThat(batch(needed, OptionalLong.empty(), false).run())
                .isInstanceOf(BatchEnd.Whole.class);
        assertThat(TIME.instant()).isBefore(needed.orElseThrow().plus(LONG));
        assertThat(provider.batches())
                .extracting(each -> each.path("status").asText())
                .contains("cancelled");
        assertThat(provider.direct()).containsExactly("question 4");
        assertThat(answers()).hasSize(6).contains("in bulk question 5", "directly question 4");
    }

    @Test
    void without_time_or_without_such_an_endpoint_all_are_asked_row_by_row() throws Exception {
        rows(3);
        assertThat(batch(in(Duration.ofSeconds(2)), OptionalLong.empty(), false).run())
                .isInstanceOf(BatchEnd.Whole.class);
        assertThat(batch(Optional.empty(), OptionalLong.empty(), false).run())
                .isInstanceOf(BatchEnd.Whole.class);
        assertThat(provider.batches()).isEmpty();
        provider.speaks(false);
        assertThat(run()).isInstanceOf(BatchEnd.Whole.class);
        assertThat(provider.direct()).hasSize(9);
    }

    @Test
    void a_batch_whose_making_was_not_heard_of_is_found_and_not_made_twice() throws Exception {
        rows(2);
        provider.losesAnswers(2);
        assertThat(run())
                .isEqualTo(new BatchEnd.Whole(new Totals(2, 0, 2_000, 2_000, 2 * IN_BULK)));
        assertThat(provider.batches()).hasSize(2);
        assertThat(provider.direct()).isEmpty();
    }

    @Test
    void a_provider_that_has_too_many_tokens_is_asked_again_later() throws Exception {
        rows(2);
        provider.crowded(1);
        assertThat(run()).isInstanceOf(BatchEnd.Whole.class);
        assertThat(provider.batches()).hasSize(3);
        assertThat(provider.direct()).isEmpty();
    }

    @Test
    void one_that_was_stopped_while_it_waited_goes_on_with_what_is_out() throws Exception {
        rows(4);
        provider.slow(1_000_000);
        var first = batch(in(Duration.ofHours(1)), OptionalLong.empty(), false);
        var stopper =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    Awaitility.await().until(() -> provider.batches().size() == 2);
                                    first.stop();
                                });
        assertThat(first.run()).isEqualTo(new BatchEnd.Stopped(Totals.NONE));
        stopper.join();
        provider.slow(0);
        var second = batch(in(Duration.ofHours(1)), OptionalLong.empty(), true);
        assertThat(second.run())
                .isEqualTo(new BatchEnd.Whole(new Totals(4, 0, 4_000, 4_000, 4 * IN_BULK)));
        assertThat(provider.batches()).hasSize(2);
        assertThat(provider.direct()).isEmpty();
    }

    @Test
    void one_that_is_needed_at_once_after_all_calls_back_what_is_out() throws Exception {
        rows(4);
        provider.slow(1_000_000);
        var first = batch(in(Duration.ofHours(1)), OptionalLong.empty(), false);
        var stopper =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    Awaitility.await().until(() -> provider.batches().size() == 2);
                                    first.stop();
                                });
        assertThat(first.run()).isInstanceOf(BatchEnd.Stopped.class);
        stopper.join();
        assertThat(batch(Optional.empty(), OptionalLong.empty(), true).run())
                .isInstanceOf(BatchEnd.Whole.class);
        assertThat(provider.batches())
                .extracting(each -> each.path("status").asText())
                .containsOnly("cancelled");
        assertThat(provider.direct()).isEmpty();
    }

    @Test
    void no_more_is_handed_in_than_there_is_money_for() throws Exception {
        rows(10);
        // What a row may cost in bulk is its answer of a thousand tokens and a little more.
        var budget = OptionalLong.of(3 * IN_BULK);
        var end = batch(in(Duration.ofHours(1)), budget, false).run();
        assertThat(end).isInstanceOf(BatchEnd.OutOfBudget.class);
        var totals = ((BatchEnd.OutOfBudget) end).totals();
        assertThat(totals.succeeded()).isBetween(3L, 5L);
        assertThat(provider.batches()).isNotEmpty();
    }

    @Test
    void a_batch_none_of_whose_rows_was_answered_has_only_failures() throws Exception {
        rows(3);
        provider.fate(_ -> Fate.FAILED).directStatus(_ -> 400);
        assertThat(run()).isEqualTo(new BatchEnd.Whole(new Totals(0, 3, 0, 0, 0)));
        assertThat(folder.resolve("out.failed.jsonl")).exists();
    }
}
