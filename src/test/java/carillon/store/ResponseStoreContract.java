package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.ai.Spending;
import carillon.ai.Tokens;
import carillon.cluster.Holder;
import carillon.response.Response;
import carillon.response.ResponseQuery;
import carillon.response.ResponseStore;
import carillon.response.Search;
import carillon.run.Asked;
import carillon.run.Completion;
import carillon.run.Lease;
import carillon.run.ModelAnswer;
import carillon.run.ModelUse;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.run.RunState;
import carillon.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every response store must do, whatever the database under it.
abstract class ResponseStoreContract extends StoreContract {
    private static final LocalDate DAY = LocalDate.of(2026, 3, 1);
    private static final Spending SPENT =
            new Spending(Optional.of(new Tokens(12, 5)), OptionalLong.of(9_000));

    private ResponseStore responses;
    private Task task;
    private Holder a;

    ResponseStoreContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void one_task_and_one_node() {
        responses = stores().responses();
        task = Some.task(stores(), Some.definition("one"));
        a = Some.join(stores(), "a");
    }

    @Test
    void what_a_model_said_is_kept_with_the_end_of_its_attempt() {
        var source =
                new ModelAnswer.Source(
                        "fast", "gpt-x", Optional.of(new ModelAnswer.Rendered(7, 3)));
        var answer =
                new ModelAnswer(
                        "Bonjour \ud83d\ude00",
                        ModelAnswer.State.WHOLE,
                        source,
                        SPENT,
                        Duration.ofMillis(250));
        var lease = lease();

        end(lease, answer, NOON.plusMillis(5));

        var stored = responses.list(all()).getFirst();
        assertThat(stored.run()).isEqualTo(lease.run().id());
        assertThat(stored.attempt()).isEqualTo(1);
        assertThat(stored.task()).isEqualTo(task.id());
        assertThat(stored.createdAt()).isEqualTo(NOON.plusMillis(5));
        assertThat(stored.answer()).isEqualTo(answer);
        assertThat(responses.find(stored.id())).hasValue(stored);
        assertThat(responses.find(1)).isEmpty();
        assertThat(responses.ofRun(lease.run().id())).hasValue(stored);
        assertThat(responses.ofRun(lease().run().id())).isEmpty();
        assertThat(stores().runs().spendings(List.of(lease.run().id())))
                .isEqualTo(Map.of(lease.run().id(), SPENT));
    }

    @Test
    void what_is_not_known_is_absent() {
        var answer = answer("echo", "hello", Spending.NONE);
        var lease = lease();
        end(lease, answer, NOON);
        var silent = lease();
        stores().leases().complete(List.of(Some.success(silent, NOON)));

        assertThat(responses.list(all()).getFirst().answer()).isEqualTo(answer);
        assertThat(stores().runs().spendings(List.of(lease.run().id(), silent.run().id())))
                .isEqualTo(Map.of(lease.run().id(), Spending.NONE));
    }

    @Test
    void each_attempt_has_its_response_and_the_run_spends_for_all() {
        var first = lease();
        var cut =
                new ModelAnswer(
                        "Bon", ModelAnswer.State.CUT, source("fast"), SPENT, Duration.ofSeconds(1));
        var failed =
                new Outcome.Failed(
                        "too late", Set.of(), Output.NONE, Optional.empty(), asked(cut, "fast"));
        var again = NOON.plusSeconds(1);
        stores().leases()
                .complete(
                        List.of(
                                new Completion(
                                        first,
                                        NOON,
                                        NOON,
                                        failed,
                                        new Outcome.Next.Retry(again, "too late"))));
        var second = stores().leases().claimDue(a, 9, again).getFirst();
        end(second, answer("fast", "Bonjour", SPENT), again);

        assertThat(responses.list(all())).extracting(Response::attempt).containsExactly(2, 1);
        assertThat(responses.list(all()))
                .extracting(one -> one.answer().state())
                .containsExactly(ModelAnswer.State.WHOLE, ModelAnswer.State.CUT);
        assertThat(stores().runs().spendings(List.of(first.run().id())))
                .isEqualTo(Map.of(first.run().id(), SPENT.plus(SPENT)));
    }

    @Test
    void an_end_that_comes_too_late_leaves_nothing() {
        var lease = lease();
        stores().leases().cancel(lease.run().id(), "enough", NOON);

        end(lease, answer("fast", "Bonjour", SPENT), NOON);

        assertThat(responses.list(all())).isEmpty();
        assertThat(responses.usage("fast", DAY, DAY)).isEmpty();
    }

    @Test
    void responses_are_listed_newest_first_and_found_by_task_model_and_time() {
        var other = Some.task(stores(), Some.definition("other"));
        long first = said(task, "fast", "one", NOON);
        long second = said(other, "fast", "two", NOON.plusSeconds(10));
        long third = said(task, "slow", "three", NOON.plusSeconds(20));

        assertFound(all(), third, second, first);
        assertFound(query(Optional.of(task), "", "", ""), third, first);
        assertFound(query(Optional.empty(), "fast", "", ""), second, first);
        assertFound(query(Optional.of(other), "slow", "", ""));
        assertFound(query(Optional.empty(), "", "2026-03-01T12:00:10Z", ""), third, second);
        assertFound(query(Optional.empty(), "", "", "2026-03-01T12:00:10Z"), first);
        var page =
                new ResponseQuery(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.of(third),
                        1);
        assertFound(page, second);
    }

    @Test
    void a_list_holds_the_beginnings_of_long_texts() {
        var text = "caf\u00e9 ".repeat(1_000);
        long id = said(task, "fast", text, NOON);

        assertThat(responses.list(all()).getFirst().answer().text())
                .isEqualTo(text.substring(0, ResponseStore.LISTED));
        assertThat(responses.find(id).orElseThrow().answer().text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fox              | true",
                "FOX              | true",
                "fox jumps        | true",
                "jumps fox        | true",
                "fox horse        | false",
                "\"brown fox\"    | true",
                "\"fox brown\"    | false",
                "\"quick fox\"    | false",
                "brow             | false",
                "half-time        | true",
                "time-half        | false",
                "half             | true",
                "path             | true",
                "api/path         | true",
                "3.14             | true",
                "14               | true",
                "caf\u00e9        | true",
                "\"brown          | true",
                "fox OR horse     | false",
                "fox NOT brown    | false",
                "fox*             | true",
                "quoted           | true",
                "\u65e5\u672c     | true",
                "don't            | true"
            })
    void words_and_phrases_are_found(String words, boolean found) {
        said(
                task,
                "fast",
                "The quick brown fox jumps at half-time over \u201cquoted\u201d caf\u00e9 walls:"
                        + " /api/path=3.14, don't! \u65e5\u672c\u3001x",
                NOON);
        said(task, "fast", "Something else", NOON);

        assertThat(search(words)).as(words).hasSize(found ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\" OR \"b",
                "NEAR(a b)",
                "text:a",
                "a AND (b",
                "' OR 1=1 --",
                "a & | ! b",
                "^a",
                "-a",
                "{a} : b",
                "a\u0000b",
                "\ud83d\ude00 a",
                "\u0301 a",
                "<-> a",
                "a \\",
                "a:*",
                "1e999999999 a"
            })
    void no_search_breaks_the_database(String words) {
        said(task, "fast", "a b", NOON);

        assertThat(Search.read(words)).isPresent();
        search(words);
    }

    @Test
    void a_search_goes_with_filters_and_pages_newest_first() {
        var other = Some.task(stores(), Some.definition("other"));
        long first = said(task, "fast", "needle", NOON);
        said(other, "fast", "needle", NOON.plusSeconds(1));
        long third = said(task, "slow", "a needle too", NOON.plusSeconds(2));
        said(task, "fast", "hay", NOON.plusSeconds(3));

        var query =
                new ResponseQuery(
                        Optional.of(task.id()),
                        Optional.empty(),
                        Search.read("needle"),
                        Optional.of(NOON),
                        Optional.of(NOON.plusSeconds(9)),
                        OptionalLong.empty(),
                        9);
        assertFound(query, third, first);
        var next =
                new ResponseQuery(
                        query.task(),
                        Optional.of("fast"),
                        query.search(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.of(third),
                        9);
        assertFound(next, first);
    }

    @Test
    void the_longest_answers_are_kept_whole_and_found_by_their_beginning() {
        var words = new StringBuilder("beginning ");
        for (int i = 0; words.length() < ModelAnswer.MAX_KEPT - 20; i++) {
            words.append('w').append(Integer.toString(i, 36)).append('-').append(i).append('/');
        }
        words.append(" theend");
        long id = said(task, "fast", words.toString(), NOON);
        said(task, "fast", "\ud842\udfb7-".repeat(100_000), NOON);

        assertThat(responses.find(id).orElseThrow().answer().text()).hasSize(words.length());
        assertThat(search("beginning")).containsExactly(id);
        assertThat(search("theend")).isEmpty();
    }

    @Test
    void the_last_text_is_that_of_the_newest_success() {
        assertThat(responses.lastText(task.id())).isEmpty();
        said(task, "fast", "old", NOON);
        said(task, "fast", "new", NOON);
        var rejected =
                new ModelAnswer(
                        "bad", ModelAnswer.State.REJECTED, source("fast"), SPENT, Duration.ZERO);
        var failed =
                new Outcome.Failed(
                        "no", Set.of(), Output.NONE, Optional.empty(), asked(rejected, "fast"));
        var finish = new Outcome.Next.Finish(RunState.FAILED, "no");
        stores().leases().complete(List.of(new Completion(lease(), NOON, NOON, failed, finish)));

        assertThat(responses.lastText(task.id())).hasValue("new");
        assertThat(responses.list(all())).hasSize(3);
    }

    @Test
    void models_are_counted_by_the_day() {
        said(task, "fast", "one", NOON);
        said(task, "fast", "two", NOON.plusSeconds(1));
        said(task, "fast", "three", NOON.plus(Duration.ofDays(1)));
        said(task, "slow", "four", NOON);
        var vain = new ModelUse("fast", 1, 1, Spending.NONE);
        var failed =
                new Outcome.Failed(
                        "no",
                        Set.of(),
                        Output.NONE,
                        Optional.empty(),
                        new Asked(Optional.empty(), List.of(vain)));
        var finish = new Outcome.Next.Finish(RunState.FAILED, "no");
        stores().leases().complete(List.of(new Completion(lease(), NOON, NOON, failed, finish)));

        var next = DAY.plusDays(1);
        assertThat(responses.usage("fast", DAY, next))
                .isEqualTo(
                        Map.of(
                                DAY,
                                new ModelUse("fast", 3, 1, SPENT.plus(SPENT)),
                                next,
                                new ModelUse("fast", 1, 0, SPENT)));
        assertThat(responses.usage("fast", next, next)).hasSize(1);
        assertThat(responses.usage("unknown", DAY, next)).isEmpty();

        responses.forgetUsage(next);
        assertThat(responses.usage("fast", DAY, next)).containsOnlyKeys(next);
    }

    @Test
    void responses_go_with_their_runs() {
        said(task, "fast", "needle one", NOON);
        var other = Some.task(stores(), Some.definition("other"));
        long kept = said(other, "fast", "needle two", NOON.plus(Duration.ofDays(9)));

        stores().runs().prune(NOON.plus(Duration.ofDays(1)), 1_000, 100);
        assertFound(all(), kept);
        assertThat(search("needle")).containsExactly(kept);

        stores().tasks().delete(other.id());
        assertFound(all());
        assertThat(search("needle")).isEmpty();
    }

    private Lease lease() {
        return Some.leased(stores(), task, a, NOON);
    }

    private static ModelAnswer.Source source(String model) {
        return new ModelAnswer.Source(model, model + "-1", Optional.empty());
    }

    private static ModelAnswer answer(String model, String text, Spending spending) {
        return new ModelAnswer(
                text, ModelAnswer.State.WHOLE, source(model), spending, Duration.ofMillis(9));
    }

    private static Asked asked(ModelAnswer answer, String model) {
        var use = new ModelUse(model, 1, 0, answer.spending());
        return new Asked(Optional.of(answer), List.of(use));
    }

    private void end(Lease lease, ModelAnswer answer, Instant at) {
        var outcome = new Outcome.Succeeded(Output.NONE, asked(answer, answer.source().model()));
        var finish = new Outcome.Next.Finish(RunState.SUCCEEDED, "");
        stores().leases().complete(List.of(new Completion(lease, at, at, outcome, finish)));
    }

    /// A run of the task in which the model says the text; returns the response's id.
    private long said(Task by, String model, String text, Instant at) {
        var lease = Some.leased(stores(), by, a, NOON);
        end(lease, answer(model, text, SPENT), at);
        return responses.list(all()).getFirst().id();
    }

    private static ResponseQuery all() {
        return query(Optional.empty(), "", "", "");
    }

    private static ResponseQuery query(Optional<Task> of, String model, String from, String until) {
        return new ResponseQuery(
                of.map(Task::id),
                Optional.of(model).filter(name -> !name.isEmpty()),
                Optional.empty(),
                Optional.of(from).filter(time -> !time.isEmpty()).map(Instant::parse),
                Optional.of(until).filter(time -> !time.isEmpty()).map(Instant::parse),
                OptionalLong.empty(),
                20);
    }

    private List<Long> search(String words) {
        var query =
                new ResponseQuery(
                        Optional.empty(),
                        Optional.empty(),
                        Search.read(words),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        20);
        return responses.list(query).stream().map(Response::id).toList();
    }

    private void assertFound(ResponseQuery query, Long... ids) {
        assertThat(responses.list(query)).extracting(Response::id).containsExactly(ids);
    }
}
