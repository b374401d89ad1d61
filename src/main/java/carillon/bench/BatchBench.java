package carillon.bench;

import carillon.ai.AdministratorModels;
import carillon.ai.AdministratorModels.Grant;
import carillon.ai.Echo;
import carillon.ai.Endpoint;
import carillon.ai.Model;
import carillon.ai.Provider;
import carillon.batch.Batch;
import carillon.batch.BatchEnd;
import carillon.batch.BatchOrder;
import carillon.batch.Row;
import carillon.batch.RowAsker;
import carillon.egress.AllowList;
import carillon.egress.Egress;
import carillon.egress.EgressRequest;
import carillon.egress.EgressSettings;
import carillon.perform.ChatClients;
import carillon.perform.MeteredChat;
import carillon.perform.RowQuestions;
import carillon.perform.Ways;
import carillon.run.Output;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// Rows of a CSV file answered a second by an instant model in a process of its own, between two
/// rounds of a bare loop of the HTTP client with as many callers and as many questions. Then the
/// same file is stopped half-way and resumed, and answered by the built-in model in a process with
/// 256 MiB.
public final class BatchBench {
    private static final String QUESTION = "What is the time at place %d? Answer in one word.";
    private final int rows;
    private final int concurrency;
    private final InstantSource time;

    /// `concurrency` rows are asked at once.
    public BatchBench(int rows, int concurrency, InstantSource time) {
        this.rows = rows;
        this.concurrency = concurrency;
        this.time = time;
    }

    /// Works in `folder`, which needs room for a few times the file.
    public Result run(Path folder) throws IOException, InterruptedException {
        var input = folder.resolve("in.csv");
        write(input);
        try (var model = Child.start("bench", "model", "0");
                var egress = egress()) {
            var url =
                    URI.create(
                            "http://127.0.0.1:" + Integer.parseInt(model.readLine(), 10) + "/v1");
            bare(egress, url, Math.min(rows, 20_000));
            double before = bare(egress, url, rows);
            var models = models(url);
            var clients = new ChatClients(new Ways(egress, egress), time);
            var chat = MeteredChat.unmetered(clients.whole());
            var means = means(models, new RowQuestions(models, chat, time));
            double seconds = seconds(new Batch(order(input, folder, false), means));
            double after = bare(egress, url, rows);
            Map<String, Object> more = new LinkedHashMap<>();
            more.put("rows", rows);
            more.put("concurrency", concurrency);
            more.put("seconds_to_resume", secondsToResume(input, folder, models));
            more.put("echo_256_mib_rate", rows / secondsOfEcho(input, folder));
            var bare = new Spread(List.of(before, after));
            return new Result("batch", "none", Spread.of(rows / seconds), bare, more);
        }
    }

    private void write(Path input) throws IOException {
        try (var out = Files.newBufferedWriter(input)) {
            out.write("id,prompt,metadata\n");
            for (int i = 0; i < rows; i++) {
                var question = QUESTION.formatted(i);
                out.write("row-" + i + ",\"" + question + "\",\"{\"\"place\"\":" + i + "}\"\n");
            }
        }
    }

    private Egress egress() {
        return Egress.open(
                new EgressSettings(
                        AllowList.of(List.of("127.0.0.1")),
                        Set.of(),
                        concurrency,
                        "Carillon bench"));
    }

    private static AdministratorModels models(URI url) {
        var endpoint = new Endpoint(url, Optional.empty(), Endpoint.Source.CALLER);
        return new AdministratorModels(List.of(new Grant(Provider.OPENAI, "", endpoint)));
    }

    private Batch.Means means(AdministratorModels models, RowAsker asker) {
        return new Batch.Means(models, asker, time, Batch.Means.DEFAULT_PATIENCE);
    }

    private BatchOrder order(Path input, Path folder, boolean resume) {
        return new BatchOrder(
                input,
                folder.resolve("out.csv"),
                new BatchOrder.Saying(
                        Optional.of("bench"), Optional.empty(), false, false, BatchOrder.Scope.ALL),
                new BatchOrder.Pace(
                        concurrency, OptionalLong.empty(), BatchOrder.Pace.DEFAULT_RETRY),
                resume);
    }

    private double seconds(Batch batch) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        check(batch.run());
        return (System.nanoTime() - begin) / 1e9;
    }

    private void check(BatchEnd end) throws IOException {
        if (!(end instanceof BatchEnd.Whole whole) || whole.totals().succeeded() != rows) {
            throw new IOException("the batch did not answer every row: " + end);
        }
    }

    /// How long a half-done batch takes until it asks the first row again.
    private double secondsToResume(Path input, Path folder, AdministratorModels models)
            throws IOException, InterruptedException {
        var asked = new AtomicLong();
        var first = new AtomicLong();
        var batch = new AtomicReference<Optional<Batch>>(Optional.empty());
        RowAsker stopping =
                (model, row) -> {
                    if (asked.incrementAndGet() == rows / 2) {
                        batch.get().ifPresent(Batch::stop);
                    }
                    return echo(model, row);
                };
        var half = new Batch(order(input, folder, false), means(models, stopping));
        batch.set(Optional.of(half));
        if (!(half.run() instanceof BatchEnd.Stopped)) {
            throw new IOException("the batch did not stop half-way");
        }
        RowAsker noting =
                (model, row) -> {
                    first.compareAndSet(0, System.nanoTime());
                    return echo(model, row);
                };
        long begin = System.nanoTime();
        check(new Batch(order(input, folder, true), means(models, noting)).run());
        return (first.get() - begin) / 1e9;
    }

    private static RowAsker.Asked echo(Model model, Row row) {
        var answer = Echo.answer(model, row.wording().question());
        return new RowAsker.Asked(answer, model.name(), model.spending(answer.tokens()));
    }

    private static double secondsOfEcho(Path input, Path folder)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        var output = folder.resolve("echo.csv").toString();
        try (var child =
                Child.start(
                        List.of("-Xmx256m"),
                        "batch",
                        "run",
                        input.toString(),
                        "-o",
                        output,
                        "--dry-run")) {
            int code = child.await();
            if (code != 0) {
                throw new IOException("the batch in 256 MiB ended with " + code);
            }
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private double bare(Egress egress, URI url, int questions) throws IOException {
        var next = new AtomicLong();
        var others = new AtomicLong();
        long begin = System.nanoTime();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < concurrency; i++) {
                callers.execute(
                        () -> {
                            long each = next.getAndIncrement();
                            while (each < questions && isAnswered(egress, url, each)) {
                                each = next.getAndIncrement();
                            }
                            if (each < questions) {
                                others.incrementAndGet();
                            }
                        });
            }
        }
        if (others.get() > 0) {
            throw new IOException(others + " requests of the bare loop were not answered");
        }
        return questions / ((System.nanoTime() - begin) / 1e9);
    }

    private static boolean isAnswered(Egress egress, URI url, long question) {
        var request =
                new EgressRequest(
                        "POST",
                        URI.create(url + "/chat/completions"),
                        Map.of("Content-Type", "application/json"),
                        Optional.of(body(QUESTION.formatted(question))),
                        Duration.ofSeconds(30),
                        Output.MAX_KEPT);
        return BareCalls.isAnswered(egress, request);
    }

    /// As the provider's client asks.
    private static String body(String question) {
        return "{\"model\":\"bench\",\"messages\":[{\"role\":\"user\",\"content\":\""
                + question
                + "\"}]}";
    }
}
