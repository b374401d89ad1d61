package carillon;

import carillon.ai.AdministratorModels;
import carillon.batch.Batch;
import carillon.batch.BatchEnd;
import carillon.batch.BatchOrder;
import carillon.batch.BatchOrder.Scope;
import carillon.batch.Bulk;
import carillon.batch.InputCheck;
import carillon.batch.RowAsker;
import carillon.cli.BatchDisplay;
import carillon.cli.BatchWords;
import carillon.config.Configuration;
import carillon.config.ConfigurationException;
import carillon.config.Settings;
import carillon.config.Sources;
import carillon.egress.Egress;
import carillon.egress.EgressSettings;
import carillon.json.NeededByText;
import carillon.perform.ChatClients;
import carillon.perform.MeteredChat;
import carillon.perform.OpenAiBulk;
import carillon.perform.RowQuestions;
import carillon.perform.Ways;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `carillon batch`: files of questions, answered without a server. What the exit codes mean is
/// said by `--help`.
@Command(
        name = "batch",
        description = "Answer a file of questions, without a server.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class BatchCommand implements Runnable {
    private static final int WRONG_USE = 2;
    private static final int BAD_INPUT = 3;
    private static final int ROWS_FAILED = 4;
    private static final int OUT_OF_BUDGET = 5;
    private static final int CHANGED = 6;
    private static final int UNWRITABLE = 7;
    private static final int TAKEN = 8;
    private static final int STOPPED = 130;
    private static final int NANO = 9;

    private final InstantSource time;

    @Spec private CommandSpec spec = CommandSpec.create();

    BatchCommand(InstantSource time) {
        this.time = time;
    }

    /// Understands words in either case.
    CommandLine commandLine() {
        return new CommandLine(this).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command: run or validate");
    }

    /// What rows say beside what stands in the file.
    static final class Saying {
        @Option(
                names = "--model",
                paramLabel = "M",
                description = "The model of rows that name none.")
        private Optional<String> model = Optional.empty();

        @ArgGroup private Template template = new Template();

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "As for serve; models come from it and from the environment.")
        private Optional<String> config = Optional.empty();

        private BatchOrder.Saying read(boolean dryRun, boolean skip, Scope scope)
                throws IOException {
            return new BatchOrder.Saying(model, template.read(), dryRun, skip, scope);
        }
    }

    static final class Template {
        @Option(
                names = "--prompt",
                paramLabel = "TEMPLATE",
                description = "Makes each row's prompt: {{name}} stands for the column name.")
        private Optional<String> text = Optional.empty();

        @Option(
                names = "--prompt-file",
                paramLabel = "FILE",
                description = "The same, from a file.")
        private Optional<Path> file = Optional.empty();

        private Optional<String> read() throws IOException {
            return file.isPresent() ? Optional.of(Files.readString(file.get())) : text;
        }
    }

    static final class Pace {
        @Option(
                names = "--concurrency",
                paramLabel = "N",
                defaultValue = "8",
                description = "How many rows are asked at once; default: ${DEFAULT-VALUE}.")
        private int concurrency;

        @Option(
                names = "--budget",
                paramLabel = "DOLLARS",
                description = "Stop before more than this is spent, as in 5.00.")
        private Optional<BigDecimal> budget = Optional.empty();

        @Option(
                names = "--needed-by",
                paramLabel = "TIME",
                description =
                        "Until when there is time, as in 2026-12-01T08:00:00Z or 6h: providers with"
                                + " a batch endpoint answer at half the price meanwhile.")
        private Optional<String> neededBy = Optional.empty();

        private BatchOrder.Pace read(Instant now, Function<String, ParameterException> fault) {
            if (concurrency < 1 || concurrency > BatchOrder.MAX_CONCURRENCY) {
                throw fault.apply("--concurrency is 1 to " + BatchOrder.MAX_CONCURRENCY);
            }
            var nano = OptionalLong.empty();
            if (budget.isPresent()) {
                try {
                    nano = OptionalLong.of(budget.get().movePointRight(NANO).longValueExact());
                } catch (ArithmeticException _) {
                    throw fault.apply("--budget is an amount of dollars such as 5.00");
                }
                if (nano.getAsLong() <= 0) {
                    throw fault.apply("--budget is above 0");
                }
            }
            var time = neededBy.flatMap(NeededByText::read).map(each -> each.from(now));
            if (neededBy.isPresent() && time.isEmpty()) {
                throw fault.apply("--needed-by " + NeededByText.RULE);
            }
            return new BatchOrder.Pace(concurrency, nano, BatchOrder.Pace.DEFAULT_RETRY, time);
        }
    }

    @Command(
            name = "run",
            description = {
                "Answer the questions of a .csv or .jsonl file. What is done is kept in a folder"
                        + " beside the output, so that --resume goes on after any stop; rows that"
                        + " fail go to NAME.failed.EXT."
            },
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:all rows are answered",
                "1:something unforeseen went wrong",
                "2:the command, the configuration, a template or a model is wrong",
                "3:the input has bad rows or cannot be read; nothing was asked",
                "4:done, but rows failed: see NAME.failed.EXT; --retry-failed asks them again",
                "5:the budget does not allow another row; --resume goes on with a higher one",
                "6:the input has changed since the batch began",
                "7:the output cannot be written; --resume goes on",
                "8:an unfinished batch or another process has the output",
                "130:stopped; --resume goes on",
            })
    int answer(
            @Parameters(paramLabel = "IN", description = "A .csv or .jsonl file.") Path input,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "OUT",
                            required = true,
                            description = "A .csv or .jsonl file; one that is there is replaced.")
                    Path output,
            @Mixin Saying saying,
            @Mixin Pace pace,
            @Mixin Way way)
            throws IOException, InterruptedException {
        var said = saying.read(way.dryRun, way.onBadRow == OnBadRow.SKIP, way.scope());
        var limits =
                pace.read(
                        time.instant(), fault -> new ParameterException(spec.commandLine(), fault));
        var order = new BatchOrder(input, output, said, limits, way.resume);
        Settings settings;
        try {
            settings = settings(saying.config);
        } catch (ConfigurationException e) {
            err().println(e.getMessage());
            return WRONG_USE;
        }
        try (var reach = new Reach(settings, limits.concurrency(), time)) {
            return run(order, reach);
        }
    }

    /// How the work is done.
    static final class Way {
        @Option(names = "--dry-run", description = "Call no model; each answer says so.")
        private boolean dryRun;

        @Option(names = "--resume", description = "Go on where an earlier run stopped.")
        private boolean resume;

        @Option(
                names = "--retry-failed",
                description =
                        "Keep the answers that OUT has, and ask only the rows that it does not"
                                + " answer.")
        private boolean retryFailed;

        private Scope scope() {
            return retryFailed ? Scope.FAILED : Scope.ALL;
        }

        @Option(
                names = "--on-bad-row",
                paramLabel = "stop|skip",
                defaultValue = "stop",
                description =
                        "Bad rows stop it before anything is asked, or count as failures;"
                                + " default: ${DEFAULT-VALUE}.")
        private OnBadRow onBadRow = OnBadRow.STOP;
    }

    enum OnBadRow {
        STOP,
        SKIP
    }

    @Command(
            name = "validate",
            description = "Check a .csv or .jsonl file as run does, and ask nothing.",
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:all rows can be asked",
                "1:something unforeseen went wrong",
                "2:the command, the configuration or a template is wrong",
                "3:the input has bad rows or cannot be read",
            })
    int validate(
            @Parameters(paramLabel = "IN", description = "A .csv or .jsonl file.") Path input,
            @Mixin Saying saying)
            throws IOException {
        Settings settings;
        try {
            settings = settings(saying.config);
        } catch (ConfigurationException e) {
            err().println(e.getMessage());
            return WRONG_USE;
        }
        var scratch = Files.createTempDirectory("carillon-batch-");
        try {
            var said = saying.read(false, false, Scope.ALL);
            var verdict = InputCheck.check(input, said, settings.models(), time.instant(), scratch);
            return switch (verdict) {
                case InputCheck.Verdict.Refused(var why) -> refuse(why);
                case InputCheck.Verdict.Read(long rows, var problems) -> {
                    BatchWords.tell(problems, input, err());
                    out().printf("%,d rows, %,d problems%n", rows, problems.count());
                    yield problems.count() == 0 ? 0 : BAD_INPUT;
                }
            };
        } finally {
            delete(scratch);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var tree = Files.walk(folder)) {
            for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static Settings settings(Optional<String> config) throws IOException {
        Map<String, String> flags = new HashMap<>();
        config.ifPresent(file -> flags.put("config", file));
        var host = InetAddress.getLocalHost().getHostName();
        return Configuration.of(Sources.of(System.getenv(), flags, host));
    }

    /// What a batch without a server can call.
    private static final class Reach implements AutoCloseable {
        private final AdministratorModels models;
        private final Egress egress;
        private final Egress administrators;
        private final RowAsker asker;
        private final Bulk bulk;

        private Reach(Settings settings, int concurrency, InstantSource time) {
            models = settings.models();
            int perTarget = Math.max(concurrency, EgressSettings.DEFAULT_MAX_PER_TARGET);
            var rules =
                    new EgressSettings(
                            settings.egressAllow(),
                            Set.of(),
                            perTarget,
                            "Carillon/" + Version.TEXT);
            egress = Egress.open(rules);
            administrators = Egress.open(rules.allowingHosts(models.hosts()));
            var ways = new Ways(egress, administrators);
            var clients = new ChatClients(ways, time);
            bulk = new OpenAiBulk(ways, Bulk.Habits.USUAL, time);
            asker = new RowQuestions(models, MeteredChat.unmetered(clients.whole()), time);
        }

        @Override
        public void close() {
            egress.close();
            administrators.close();
        }
    }

    private int run(BatchOrder order, Reach reach) throws InterruptedException {
        var means =
                new Batch.Means(
                        reach.models, reach.asker, reach.bulk, time, Batch.Means.DEFAULT_PATIENCE);
        var batch = new Batch(order, means);
        var signal = new StopSignal();
        var listener = Thread.ofVirtual().start(() -> listen(signal, batch));
        try {
            BatchEnd end;
            try (var _ = BatchDisplay.start(batch, err(), isTerminal())) {
                end = batch.run();
            }
            return tell(end, order);
        } finally {
            listener.interrupt();
            signal.done();
        }
    }

    private void listen(StopSignal signal, Batch batch) {
        try {
            signal.await();
            err().println();
            err().println("Stopping: what is under way may end, at most 10 s");
            batch.stop();
        } catch (InterruptedException _) {
            // The batch has ended by itself.
        }
    }

    private static boolean isTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    private int tell(BatchEnd end, BatchOrder order) {
        return switch (end) {
            case BatchEnd.Whole(var totals) -> {
                var dry = order.saying().dryRun() ? " (dry run: no model was called)" : "";
                out().println(BatchWords.totals(totals) + dry);
                yield totals.failed() == 0 ? 0 : ROWS_FAILED;
            }
            case BatchEnd.Stopped(var totals) -> {
                err().println("Stopped after " + BatchWords.totals(totals) + RESUMABLE);
                yield STOPPED;
            }
            case BatchEnd.OutOfBudget(var totals) -> {
                err().println("The budget is used up after " + BatchWords.totals(totals));
                err().println("Go on with --resume and a higher --budget.");
                yield OUT_OF_BUDGET;
            }
            case BatchEnd.BadRows(var problems) -> {
                BatchWords.tell(problems, order.input(), err());
                err().printf("%,d problems; nothing was asked%n", problems.count());
                yield BAD_INPUT;
            }
            case BatchEnd.Refused refused -> refuse(refused);
        };
    }

    private static final String RESUMABLE = ". Go on with --resume.";

    private int refuse(BatchEnd.Refused refused) {
        err().println(refused.reason());
        return switch (refused.cause()) {
            case SETTINGS -> WRONG_USE;
            case INPUT -> BAD_INPUT;
            case CHANGED -> CHANGED;
            case OUTPUT -> UNWRITABLE;
            case TAKEN -> TAKEN;
        };
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
