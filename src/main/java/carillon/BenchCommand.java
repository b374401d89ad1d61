package carillon;

import carillon.bench.ApiBench;
import carillon.bench.BatchBench;
import carillon.bench.Bench;
import carillon.bench.BurstBench;
import carillon.bench.CellsBench;
import carillon.bench.ChecksBench;
import carillon.bench.CronBench;
import carillon.bench.EmptyApi;
import carillon.bench.FireBench;
import carillon.bench.HistoryBench;
import carillon.bench.LateBench;
import carillon.bench.Place;
import carillon.bench.PromptBench;
import carillon.bench.Result;
import carillon.bench.SearchBench;
import carillon.bench.Sink;
import carillon.bench.SocketsBench;
import carillon.bench.StartBench;
import carillon.bench.WebhookBench;
import carillon.bench.WorkflowBench;
import carillon.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `carillon bench`: what this machine does, each figure beside a loop of the same work with
/// nothing around it. Prints a table, or with `--json` one object a line.
@Command(
        name = "bench",
        description = "Measure speed, each figure beside a bare loop of the same work.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "NAME")
final class BenchCommand implements Runnable {
    private final InstantSource time;

    @Spec private CommandSpec spec = CommandSpec.create();

    BenchCommand(InstantSource time) {
        this.time = time;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a bench");
    }

    static final class Form {
        @Option(names = "--json", description = "Print one JSON object a line.")
        private boolean json;
    }

    static final class Where {
        @Option(
                names = "--database",
                paramLabel = "URL",
                description = "jdbc:postgresql://…; default: SQLite in a temporary folder.")
        private Optional<String> url = Optional.empty();

        @Option(names = "--user", defaultValue = "postgres", description = "Its user.")
        private String user = "";

        @Option(names = "--password", defaultValue = "", description = "The user's password.")
        private String password = "";

        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "Where the temporary folder is made.")
        private Optional<Path> parent = Optional.empty();
    }

    static final class Rounds {
        @Option(
                names = "--seconds",
                defaultValue = "10",
                description = "About how long each round lasts; default: ${DEFAULT-VALUE}.")
        private int seconds;

        @Option(names = "--rounds", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
        private int rounds;

        private Duration length() {
            return Duration.ofSeconds(seconds);
        }
    }

    @Command(
            name = "fire",
            description = "Durable fires of an empty action, beside a bare loop of the same SQL.",
            mixinStandardHelpOptions = true)
    int fire(
            @Mixin Form form,
            @Mixin Where where,
            @Mixin Rounds rounds,
            @Option(
                            names = "--nodes",
                            defaultValue = "1",
                            description = "Engines over one PostgreSQL; default: 1.")
                    int nodes)
            throws IOException, InterruptedException {
        if (nodes < 1 || (nodes > 1 && where.url.isEmpty())) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--nodes: 1, or more with the --database that they are to share");
        }
        return run(new FireBench(rounds.rounds, rounds.length(), nodes), form, where);
    }

    @Command(
            name = "workflow",
            description = "Empty steps of workflows, beside fires of an empty action.",
            mixinStandardHelpOptions = true)
    int workflow(
            @Mixin Form form,
            @Mixin Where where,
            @Option(names = "--rounds", defaultValue = "3", description = "Default: 3.") int rounds)
            throws IOException, InterruptedException {
        return run(new WorkflowBench(rounds), form, where);
    }

    @Command(
            name = "webhook",
            description = "Durable webhooks, beside a bare loop of the same HTTP client.",
            mixinStandardHelpOptions = true)
    int webhook(
            @Mixin Form form,
            @Mixin Where where,
            @Mixin Rounds rounds,
            @Option(names = "--concurrency", defaultValue = "64") int concurrency)
            throws IOException, InterruptedException {
        return run(new WebhookBench(rounds.rounds, rounds.length(), concurrency), form, where);
    }

    @Command(
            name = "late",
            description = "How late runs begin, at a rate and beside many stored tasks.",
            mixinStandardHelpOptions = true)
    int late(
            @Mixin Form form,
            @Mixin Where where,
            @Option(names = "--rate", defaultValue = "500", description = "Fires a second.")
                    int rate,
            @Option(names = "--stored", defaultValue = "100000", description = "Idle tasks.")
                    int stored,
            @Option(names = "--seconds", defaultValue = "30", description = "How long.")
                    int seconds)
            throws IOException, InterruptedException {
        return run(new LateBench(rate, stored, Duration.ofSeconds(seconds)), form, where);
    }

    @Command(
            name = "burst",
            description = "Many tasks due in one second: how long until the last has begun.",
            mixinStandardHelpOptions = true)
    int burst(
            @Mixin Form form,
            @Mixin Where where,
            @Option(names = "--tasks", defaultValue = "100000") int tasks)
            throws IOException, InterruptedException {
        return run(new BurstBench(tasks), form, where);
    }

    @Command(
            name = "search",
            description = "Full-text search over stored responses, beside the newest page.",
            mixinStandardHelpOptions = true)
    int search(
            @Mixin Form form,
            @Mixin Where where,
            @Option(names = "--responses", defaultValue = "100000", description = "How many.")
                    int responses)
            throws IOException, InterruptedException {
        return run(new SearchBench(responses), form, where);
    }

    @Command(
            name = "history",
            description = "Pages of a long history, beside the newest page of a short one.",
            mixinStandardHelpOptions = true)
    int history(
            @Mixin Form form,
            @Mixin Where where,
            @Option(names = "--runs", defaultValue = "1000000", description = "How many.") int runs)
            throws IOException, InterruptedException {
        return run(new HistoryBench(runs), form, where);
    }

    @Command(
            name = "cells",
            description = "Many databases beside each other: simulated, from what one does.",
            mixinStandardHelpOptions = true)
    int cells(
            @Mixin Form form,
            @Mixin Where where,
            @Option(names = "--cells", split = ",", defaultValue = "1,10,100") List<Integer> cells,
            @Option(names = "--load", defaultValue = "0.5", description = "Of what a cell can do.")
                    double load,
            @Option(
                            names = "--aligned",
                            defaultValue = "0.1",
                            description = "Of the fires, due at the full minute.")
                    double aligned)
            throws IOException, InterruptedException {
        return inFolder(
                form, where, (folder, place) -> new CellsBench(cells, load, aligned).runAll(place));
    }

    @Command(
            name = "cron",
            description = "Next fire times of cron expressions, beside the rule by hand.",
            mixinStandardHelpOptions = true)
    int cron(@Mixin Form form) {
        print(new CronBench().run(), form);
        return 0;
    }

    @Command(
            name = "start",
            description = "Start to first fire, and the memory of an idle server.",
            mixinStandardHelpOptions = true)
    int start(
            @Mixin Form form,
            @Mixin Where where,
            @Option(names = "--rounds", defaultValue = "5") int rounds,
            @Option(names = "--stored", defaultValue = "0", description = "Idle tasks.") int stored)
            throws IOException, InterruptedException {
        return inFolder(
                form,
                where,
                (folder, _) -> List.of(new StartBench(rounds, stored, time).run(folder)));
    }

    @Command(
            name = "api",
            description = "Durable creates and reads of the native API, beside an empty handler.",
            mixinStandardHelpOptions = true)
    int api(
            @Mixin Form form,
            @Mixin Where where,
            @Mixin Rounds rounds,
            @Option(names = "--clients", defaultValue = "64") int clients)
            throws IOException, InterruptedException {
        return inFolder(
                form,
                where,
                (folder, place) ->
                        new ApiBench(rounds.rounds, rounds.length(), clients).run(place, folder));
    }

    @Command(
            name = "sockets",
            description = "How soon a thousand sockets hear of an event, beside as many pings.",
            mixinStandardHelpOptions = true)
    int sockets(
            @Mixin Form form,
            @Mixin Where where,
            @Option(names = "--rounds", defaultValue = "20") int rounds,
            @Option(names = "--sockets", defaultValue = "1000") int sockets)
            throws IOException, InterruptedException {
        return inFolder(
                form,
                where,
                (folder, place) ->
                        List.of(new SocketsBench(rounds, sockets, time).run(place, folder)));
    }

    /// What `api` is measured beside: prints its port and answers until it is killed.
    @Command(name = "empty", hidden = true)
    int empty() throws InterruptedException {
        try (var empty = new EmptyApi(time)) {
            say(Integer.toString(empty.port()));
            new CountDownLatch(1).await();
        }
        return 0;
    }

    @Command(
            name = "prompt",
            description = "Prompts to a local model, beside a bare loop of the HTTP client.",
            mixinStandardHelpOptions = true)
    int prompt(
            @Mixin Form form,
            @Mixin Where where,
            @Mixin Rounds rounds,
            @Option(
                            names = "--in-flight",
                            defaultValue = "1000",
                            description = "At the same time; default: ${DEFAULT-VALUE}.")
                    int inFlight)
            throws IOException, InterruptedException {
        return run(new PromptBench(rounds.rounds, rounds.length(), inFlight), form, where);
    }

    @Command(
            name = "checks",
            description = "What checking quotas and budgets costs, beside the same unchecked.",
            mixinStandardHelpOptions = true)
    int checks(@Mixin Form form, @Mixin Where where, @Mixin Rounds rounds)
            throws IOException, InterruptedException {
        return run(new ChecksBench(rounds.rounds, rounds.length()), form, where);
    }

    /// The target of `prompt`: prints its port and answers after so many milliseconds until it is
    /// killed.
    @Command(name = "model", hidden = true)
    int model(@Parameters(paramLabel = "MILLIS") int millis)
            throws IOException, InterruptedException {
        try (var sink = Sink.model(Duration.ofMillis(millis))) {
            say(Integer.toString(sink.port()));
            new CountDownLatch(1).await();
        }
        return 0;
    }

    @Command(
            name = "batch",
            description = "Rows of a file answered by an instant model, beside a bare loop.",
            mixinStandardHelpOptions = true)
    int batch(
            @Mixin Form form,
            @Mixin Where where,
            @Option(names = "--rows", defaultValue = "100000") int rows,
            @Option(names = "--concurrency", defaultValue = "64") int concurrency)
            throws IOException, InterruptedException {
        return inFolder(
                form,
                where,
                (folder, _) -> List.of(new BatchBench(rows, concurrency, time).run(folder)));
    }

    /// The target of `webhook`: prints its port and answers until it is killed.
    @Command(name = "sink", hidden = true)
    int sink() throws IOException, InterruptedException {
        try (var sink = new Sink()) {
            say(Integer.toString(sink.port()));
            new CountDownLatch(1).await();
        }
        return 0;
    }

    @FunctionalInterface
    private interface Measurement {
        List<Result> in(Path folder, Place place) throws IOException, InterruptedException;
    }

    /// Measures in a folder of its own, which is deleted afterwards; where no database is named, it
    /// is one in that folder.
    private int inFolder(Form form, Where where, Measurement measurement)
            throws IOException, InterruptedException {
        var folder = folder(where);
        try {
            var place = new Place(settings(where).orElse(new StoreSettings.Sqlite(folder)), time);
            print(measurement.in(folder, place), form);
        } finally {
            delete(folder);
        }
        return 0;
    }

    private int run(Bench bench, Form form, Where where) throws IOException, InterruptedException {
        return inFolder(form, where, (_, place) -> List.of(bench.run(place)));
    }

    /// Empty for SQLite.
    private static Optional<StoreSettings> settings(Where where) {
        return where.url.map(
                url ->
                        new StoreSettings.Postgres(
                                url,
                                where.user,
                                where.password,
                                StoreSettings.Postgres.DEFAULT_POOL_SIZE));
    }

    private static Path folder(Where where) throws IOException {
        return where.parent.isPresent()
                ? Files.createTempDirectory(where.parent.get(), "carillon-bench-")
                : Files.createTempDirectory("carillon-bench-");
    }

    private static void delete(Path folder) throws IOException {
        try (var tree = Files.walk(folder)) {
            for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private void print(List<Result> results, Form form) {
        if (!form.json) {
            say(Result.HEADING);
        }
        results.forEach(result -> say(form.json ? result.json() : result.line()));
    }

    private void say(String line) {
        var out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
