package carillon.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import carillon.cluster.Holder;
import carillon.json.Json;
import carillon.run.RunQuery;
import carillon.run.RunState;
import carillon.store.BareStatements;
import carillon.store.StoreSettings;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BenchTest {
    @TempDir private Path folder;

    private Place place() {
        return new Place(new StoreSettings.Sqlite(folder), InstantSource.system());
    }

    @Test
    void fires_are_counted_by_the_database_and_set_beside_the_bare_loop()
            throws InterruptedException {
        var result = new FireBench(2, Duration.ofMillis(200), 1).run(place());
        assertThat(result.rate().min()).isPositive();
        assertThat(result.baseline().min()).isPositive();
        assertThat(result.rate().values()).hasSize(2);
    }

    @Test
    void the_empty_handler_answers_gets_and_posts() throws IOException {
        try (var empty = new EmptyApi(InstantSource.system());
                var connection = new Connection(empty.port())) {
            assertThat(connection.ask(Connection.get(EmptyApi.PATH, "key"), 200))
                    .asString(UTF_8)
                    .isEqualTo("{}");
            assertThat(connection.ask(Connection.post(EmptyApi.PATH, "key", "{}"), 201))
                    .asString(UTF_8)
                    .isEqualTo("{}");
            assertThatThrownBy(() -> connection.ask(Connection.get("/other", "key"), 200))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("nothing at this path");
        }
    }

    @Test
    void checks_are_set_beside_the_same_without_them() throws InterruptedException {
        var result = new ChecksBench(1, Duration.ofMillis(200)).run(place());
        assertThat(result.ratio()).isPositive();
        assertThat(result.more()).containsKey("counted_rate");
    }

    @Test
    void the_model_answers_after_a_while_in_the_form_that_is_asked_for()
            throws IOException, InterruptedException {
        try (var model = Sink.model(Duration.ofMillis(50));
                var client = HttpClient.newHttpClient()) {
            long begin = System.nanoTime();
            assertThat(said(client, model, "{\"stream\" : true}"))
                    .startsWith("data: {")
                    .endsWith("data: [DONE]\n\n");
            assertThat(System.nanoTime() - begin).isGreaterThan(50_000_000);
            assertThat(said(client, model, "{\"stream\" : false}"))
                    .startsWith("{\"id\":")
                    .contains("\"message\":{");
        }
    }

    @Test
    void sockets_hear_of_the_end_of_a_workflow() throws IOException, InterruptedException {
        var place = new Place(new StoreSettings.Sqlite(folder), InstantSource.system());
        var result = new SocketsBench(1, 5, InstantSource.system()).run(place, folder);
        assertThat(result.more()).containsEntry("sockets", 5);
        assertThat(result.rate().median()).isBetween(0.5, 5_000.0);
    }

    private static String said(HttpClient client, Sink sink, String body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(Sink.url(sink.port()))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        var response = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    @Test
    void a_bench_that_misses_a_run_is_no_bench() {
        assertThatThrownBy(() -> Backlog.check(99, 100)).hasMessageContaining("99 of 100");
    }

    @Test
    void the_bare_loop_inserts_and_ends_its_runs() {
        try (var rig = place().open()) {
            var succeeded =
                    new RunQuery(
                            Optional.empty(),
                            Set.of(RunState.SUCCEEDED),
                            OptionalLong.empty(),
                            0,
                            1);
            new BareStatements(rig.stores(), new Holder("bare", 0)).turn(1_000);
            assertThat(rig.stores().runs().count(succeeded)).isEqualTo(BareStatements.BATCH);
        }
    }

    @Test
    void lateness_is_read_from_the_rows_of_steady_fires_alone() throws InterruptedException {
        var result = new LateBench(20, 50, Duration.ofSeconds(1)).run(place());
        assertThat(result.rate().median()).isEqualTo(20);
        assertThat(result.more()).containsKeys("p50_ms", "p99_ms", "p999_ms", "max_ms");
    }

    @Test
    void a_burst_loses_nothing() throws InterruptedException {
        var result = new BurstBench(300).run(place());
        assertThat(result.more()).containsEntry("tasks", 300).containsEntry("lost", 0);
        assertThat(result.more()).containsKey("ahead_of_turn_ms");
    }

    @Test
    void pages_are_timed_over_a_history_of_which_all_has_ended() {
        var result = new HistoryBench(1_500).run(place());
        assertThat(result.more()).containsEntry("runs", 2_000);
        assertThat(result.more()).containsKeys("newest_ms", "of_task_ms", "failed_ms", "middle_ms");
    }

    @Test
    void searches_are_timed_over_stored_responses() {
        var result = new SearchBench(200).run(place());
        assertThat(result.more()).containsEntry("responses", 200);
        assertThat(result.more()).containsKeys("in_few_ms", "in_none_ms", "max_ms");
    }

    @Test
    void expressions_and_their_rules_by_hand_name_the_same_times() {
        assertThat(CronBench.differences()).isEmpty();
    }

    @Test
    void the_sink_answers_one_request_after_another() throws IOException, InterruptedException {
        try (var sink = new Sink();
                var client = HttpClient.newHttpClient()) {
            for (var body : List.of("", "hello", "x".repeat(50_000))) {
                assertThat(said(client, sink, body)).isEqualTo("ok");
            }
            assertThat(sink.firstHit()).isDone();
        }
    }

    @Test
    void percentiles_are_those_of_the_nearest_rank() {
        var lateness = new Lateness(new long[] {40, 10, 30, 20});
        assertThat(lateness.at(0.5)).isEqualTo(20);
        assertThat(lateness.at(0.51)).isEqualTo(30);
        assertThat(lateness.at(1)).isEqualTo(40);
    }

    @Test
    void the_median_of_an_even_number_of_rounds_lies_between_the_middle_ones() {
        assertThat(new Spread(List.of(4.0, 1.0, 3.0, 2.0)).median()).isEqualTo(2.5);
        assertThat(new Spread(List.of(9.0, 1.0, 3.0)).median()).isEqualTo(3);
    }

    @Test
    void cells_do_not_wait_for_one_that_stands_still() {
        var bench = new CellsBench(List.of(1, 10), 0.5, 0.1);
        var alone = bench.simulate("model", 1, 10_000);
        var ten = bench.simulate("model", 10, 10_000);

        assertThat(alone.ratio()).isCloseTo(1, within(0.01));
        assertThat(ten.rate().median() / alone.rate().median()).isCloseTo(10, within(0.1));
        // Eleven seconds of standing still at half load take as long again to be made up for.
        assertThat(figure(alone, "seconds_to_drain")).isBetween(8.0, 16.0);
        assertThat(figure(ten, "max_ms")).isGreaterThan(11_000);
        assertThat(figure(ten, "max_ms_elsewhere")).isLessThan(5_000);
    }

    private static double figure(Result result, String name) {
        return (double) requireNonNull(result.more().get(name));
    }

    @Test
    void a_result_is_one_object_on_one_line() {
        var result = new Result("fire", "sqlite", Spread.of(30), Spread.of(60), Map.of("tasks", 7));
        var json = Json.readObject(result.json());
        assertThat(result.json()).doesNotContain("\n");
        assertThat(json.get("bench").textValue()).isEqualTo("fire");
        assertThat(json.get("database").textValue()).isEqualTo("sqlite");
        assertThat(json.get("rate").doubleValue()).isEqualTo(30);
        assertThat(json.get("baseline").doubleValue()).isEqualTo(60);
        assertThat(json.get("ratio").doubleValue()).isEqualTo(0.5);
        assertThat(json.get("tasks").intValue()).isEqualTo(7);
    }
}
