package carillon.bench;

import carillon.action.Nothing;
import carillon.ai.Spending;
import carillon.ai.Tokens;
import carillon.cluster.Holder;
import carillon.response.ResponseQuery;
import carillon.response.Search;
import carillon.run.Asked;
import carillon.run.Completion;
import carillon.run.Lease;
import carillon.run.LeaseStore.NewRun;
import carillon.run.ModelAnswer;
import carillon.run.Occasion;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.run.RunState;
import carillon.run.Trigger;
import carillon.schedule.Every;
import carillon.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;

/// How long a page of found responses takes, for questions that are easy and hard, over `count`
/// stored ones of about a kilobyte. The baseline is the newest page, without a search.
public final class SearchBench implements Bench {
    private static final int BATCH = 1_000;
    private static final int PAGE = 21;
    private static final int ROUNDS = 15;
    private static final int WORDS = 150;
    private static final int VOCABULARY = 20_000;

    /// So many of the responses, the first ones, are of a task of their own.
    private static final int OF_SMALL_TASK = 10;

    private final int count;

    public SearchBench(int count) {
        this.count = count;
    }

    /// What is asked, under the name of its figure.
    private static final Map<String, String> QUESTIONS =
            Map.of(
                    "in_all", "always",
                    "in_half", "even",
                    "in_few", "seldom",
                    "in_none", "nowhere",
                    "two_in_half_that_meet", "even always",
                    "two_in_half_that_never_meet", "even odd",
                    "phrase_in_few", "\"seldom seen\"",
                    "phrase_in_all", "\"always said\"",
                    "phrase_of_words_in_all_that_never_follow", "\"said always\"");

    @Override
    public Result run(Place place) {
        try (var rig = place.open()) {
            double seconds = fill(rig);
            var figures = new LinkedHashMap<String, Object>();
            figures.put("responses", count);
            figures.put("stored_per_second", count / seconds);
            var times = new ArrayList<Double>();
            QUESTIONS.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(
                            each -> {
                                double ms = time(rig, query(each.getValue(), Optional.empty()));
                                figures.put(each.getKey() + "_ms", ms);
                                times.add(ms);
                            });
            double ofTask = time(rig, query("always", Optional.of(smallTask)));
            figures.put("in_all_of_a_task_with_few_ms", ofTask);
            times.add(ofTask);
            var spread = new Spread(times);
            figures.put("max_ms", spread.max());
            double page = time(rig, query("", Optional.empty()));
            var rates = new Spread(times.stream().map(ms -> 1_000 / ms).toList());
            return new Result("search", place.database(), rates, Spread.of(1_000 / page), figures);
        }
    }

    private TaskId smallTask = new TaskId(1);

    /// Stores the responses; returns how many seconds that took.
    private double fill(Rig rig) {
        var now = rig.time().instant();
        var every = new Every(Duration.ofDays(1), now.plus(Duration.ofDays(1)));
        var tasks =
                rig.create(2, now, i -> Backlog.definition("search " + i, every, new Nothing()));
        smallTask = tasks.getFirst();
        var holder = rig.stores().nodes().join("bench", now, now.plus(Duration.ofHours(1)));
        var dice = new Random(1);
        long begin = System.nanoTime();
        for (int first = 0; first < count; first += BATCH) {
            store(rig, tasks, holder, IntStream.range(first, Math.min(count, first + BATCH)), dice);
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void store(
            Rig rig, List<TaskId> tasks, Holder holder, IntStream numbers, Random dice) {
        var at = rig.time().instant();
        var wanted = new ArrayList<NewRun>();
        var texts = new ArrayList<String>();
        numbers.forEach(
                number -> {
                    var task = number < OF_SMALL_TASK ? tasks.getFirst() : tasks.getLast();
                    var occasion =
                            new Occasion(Trigger.MANUAL, Optional.empty(), at, 5, Optional.empty());
                    wanted.add(new NewRun(rig.stores().leases().newId(), task, 1, occasion));
                    texts.add(text(number, dice));
                });
        var leases = rig.stores().leases().enqueue(wanted, Optional.of(holder));
        var ends =
                IntStream.range(0, leases.size())
                        .mapToObj(i -> end(leases.get(i), texts.get(i), at))
                        .toList();
        Backlog.check(ends.size() - rig.stores().leases().complete(ends).size(), texts.size());
    }

    /// Words as people use them, a few very often and most of them seldom, with a few marked ones.
    private static String text(int number, Random dice) {
        var text = new StringBuilder("always said ").append(number % 2 == 0 ? "even" : "odd");
        if (number % 10_000 == 0) {
            text.append(" seldom seen");
        }
        for (int i = 0; i < WORDS; i++) {
            double rank = Math.pow(VOCABULARY, dice.nextDouble());
            text.append(i % 12 == 0 ? ". " : " ").append(Integer.toString((int) rank + 1_000, 36));
        }
        return text.toString();
    }

    private static Completion end(Lease lease, String text, Instant at) {
        var spending = new Spending(Optional.of(new Tokens(100, 200)), OptionalLong.of(90_000));
        var source = new ModelAnswer.Source("bench", "bench-1", Optional.empty());
        var answer =
                new ModelAnswer(
                        text, ModelAnswer.State.WHOLE, source, spending, Duration.ofMillis(300));
        var asked = new Asked(Optional.of(answer), List.of());
        return new Completion(
                lease,
                at,
                at,
                new Outcome.Succeeded(Output.NONE, asked),
                new Outcome.Next.Finish(RunState.SUCCEEDED, ""));
    }

    private static ResponseQuery query(String words, Optional<TaskId> task) {
        return new ResponseQuery(
                task,
                Optional.empty(),
                Search.read(words),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                PAGE);
    }

    /// Milliseconds, the median of several rounds.
    private static double time(Rig rig, ResponseQuery query) {
        return Spread.millis(ROUNDS, () -> rig.stores().responses().list(query)).median();
    }
}
