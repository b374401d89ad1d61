package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.ai.Echo;
import carillon.ai.Model;
import carillon.ai.ModelSource;
import carillon.ai.Spending;
import carillon.batch.BatchOrder.Unfinished;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// One batch, from the first look at its input to its output. Runs once, on the thread that calls
/// [#run]; rows are asked on virtual threads.
public final class Batch {
    private static final Logger log = System.getLogger(Batch.class.getName());

    private final BatchOrder order;
    private final Means means;
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile Progress progress = Progress.STARTING;
    private volatile Optional<Crew> crew = Optional.empty();

    /// What a batch works with. `patience` is how long calls under way may take after [#stop].
    /// `whole` is told when the output is in its place, perhaps more than once, before anything is
    /// forgotten of how it came about. Rows that have time are handed in in `bulk`.
    public record Means(
            ModelSource models,
            RowAsker asker,
            Bulk bulk,
            InstantSource time,
            Duration patience,
            Consumer<Totals> whole) {
        public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(10);

        public Means {
            requireNonNull(models, "models");
            requireNonNull(asker, "asker");
            requireNonNull(bulk, "bulk");
            requireNonNull(time, "time");
            requireNonNull(patience, "patience");
            requireNonNull(whole, "whole");
        }

        /// Nobody needs to be told.
        public Means(
                ModelSource models,
                RowAsker asker,
                Bulk bulk,
                InstantSource time,
                Duration patience) {
            this(models, asker, bulk, time, patience, _ -> {});
        }

        /// And nothing is taken in bulk.
        public Means(ModelSource models, RowAsker asker, InstantSource time, Duration patience) {
            this(models, asker, Bulk.NONE, time, patience);
        }
    }

    /// How far a batch is. `rows` is how many there are, 0 while that is not known; `resumed` how
    /// many had been done when it was begun.
    public record Progress(Phase phase, long rows, long resumed, Totals totals) {
        public enum Phase {
            CHECKING,
            /// Rows are with providers that take them in bulk.
            WAITING,
            ASKING
        }

        static final Progress STARTING = new Progress(Phase.CHECKING, 0, 0, Totals.NONE);

        public Progress {
            requireNonNull(phase, "phase");
            requireNonNull(totals, "totals");
        }
    }

    public Batch(BatchOrder order, Means means) {
        this.order = requireNonNull(order, "order");
        this.means = requireNonNull(means, "means");
    }

    /// For any thread.
    public Progress progress() {
        var known = progress;
        return crew.map(
                        working ->
                                new Progress(
                                        known.phase, known.rows, known.resumed, working.totals()))
                .orElse(known);
    }

    /// Begins no more rows and lets those under way end, within the patience. For any thread.
    public void stop() {
        stop.countDown();
        crew.ifPresent(Crew::wake);
    }

    /// Works until the batch is whole, or cannot go on.
    public BatchEnd run() throws InterruptedException {
        try {
            return work();
        } catch (BatchException e) {
            log.log(Level.DEBUG, "a batch was refused", e);
            return new BatchEnd.Refused(e.kind(), e.getMessage());
        } catch (IOException e) {
            var words = "could not write beside " + order.output() + ": " + Repeats.words(e);
            log.log(Level.DEBUG, words, e);
            return new BatchEnd.Refused(BatchEnd.Cause.OUTPUT, words);
        }
    }

    private BatchEnd work() throws IOException, InterruptedException {
        var input = format(order.input());
        var output = format(order.output());
        checkPlaces();
        boolean unfinished = Workplace.isUnfinished(order.output());
        try (var place = Workplace.take(order.output())) {
            if (unfinished && isToBeDropped(place)) {
                place.empty();
                unfinished = false;
            }
            if (unfinished && order.unfinished() instanceof Unfinished.StandsInTheWay) {
                throw new BatchException(
                        BatchEnd.Cause.TAKEN,
                        "an unfinished batch is kept in "
                                + place.folder()
                                + ": go on with --resume, or delete that folder");
            }
            if (place.isWhole()) {
                var totals = place.checkpoint().map(Checkpoint::totals).orElse(Totals.NONE);
                return finish(place, output, totals);
            }
            var formats = new Formats(input, output);
            var found = unfinished ? resume(place) : begin(place, formats);
            return switch (found) {
                case Beginning.Refused(var end) -> {
                    place.clear();
                    yield end;
                }
                case Beginning.Ready ready -> ask(place, ready, formats);
            };
        }
    }

    private record Formats(Format input, Format output) {}

    private static Format format(Path file) {
        return Format.of(file)
                .orElseThrow(
                        () ->
                                new BatchException(
                                        BatchEnd.Cause.SETTINGS,
                                        file + " must end in .csv or .jsonl"));
    }

    private void checkPlaces() throws IOException {
        if (!Files.isRegularFile(order.input())) {
            throw new BatchException(
                    BatchEnd.Cause.INPUT, "there is no file " + order.input() + " to read");
        }
        var folder = order.output().toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new BatchException(
                    BatchEnd.Cause.OUTPUT,
                    "the folder " + folder + " for the output does not exist");
        }
        if (Files.isDirectory(order.output())) {
            throw new BatchException(BatchEnd.Cause.OUTPUT, order.output() + " is a folder");
        }
        if (Files.exists(order.output()) && Files.isSameFile(order.input(), order.output())) {
            throw new BatchException(
                    BatchEnd.Cause.SETTINGS, "the output must not be the input itself");
        }
    }

    private boolean isToBeDropped(Workplace place) throws IOException {
        return order.unfinished() instanceof Unfinished.GoesOnIfOf(var owner)
                && place.plan().filter(plan -> plan.owner().equals(owner)).isEmpty();
    }

    /// What comes before the first row is asked.
    private sealed interface Beginning {
        record Ready(Plan plan, Blocks blocks, BitSet repeated) implements Beginning {}

        record Refused(BatchEnd end) implements Beginning {}
    }

    private Beginning begin(Workplace place, Formats formats) throws IOException {
        var began = means.time().instant().truncatedTo(ChronoUnit.MILLIS);
        var rules = rules(began);
        Survey survey;
        try (var answered = answered(formats.output, rules)) {
            survey = Survey.of(order.input(), formats.input, rules, place.folder(), answered);
        } catch (BatchException e) {
            return new Beginning.Refused(new BatchEnd.Refused(e.kind(), e.getMessage()));
        }
        if (!survey.whole() || (survey.problems().count() > 0 && !order.saying().skipBadRows())) {
            return new Beginning.Refused(new BatchEnd.BadRows(survey.problems()));
        }
        var fingerprint = survey.blocks().fingerprint();
        var plan =
                new Plan(
                        fingerprint,
                        order.saying(),
                        survey.rows(),
                        began,
                        order.unfinished().owner());
        place.begin(plan, survey.repeated());
        return new Beginning.Ready(plan, survey.blocks(), survey.repeated());
    }

    private Beginning resume(Workplace place) throws IOException {
        var plan = place.plan().orElseThrow();
        if (!plan.saying().equals(order.saying())) {
            throw new BatchException(
                    BatchEnd.Cause.SETTINGS,
                    "the batch in "
                            + place.folder()
                            + " was begun with another model, prompt, or way with bad rows: resume"
                            + " it as it was begun");
        }
        var blocks = new Blocks();
        try (var stream = BlockStream.recording(order.input(), blocks)) {
            long skipped = stream.skip(Long.MAX_VALUE);
            if (skipped != blocks.size() || !blocks.fingerprint().equals(plan.fingerprint())) {
                throw new BatchException(
                        BatchEnd.Cause.CHANGED,
                        "the input "
                                + order.input()
                                + " is not what it was when the batch began: put it back, or"
                                + " delete "
                                + place.folder()
                                + " and begin anew");
            }
        }
        return new Beginning.Ready(plan, blocks, place.repeated());
    }

    private Answered answered(Format output, RowRules rules) {
        return switch (order.saying().scope()) {
            case ALL -> Answered.nothing(order.output());
            case FAILED -> Answered.by(order.output(), output, rules.sameQuestions());
        };
    }

    private RowRules rules(Instant began) {
        boolean priced = order.pace().budgetNanodollars().isPresent();
        return RowRules.of(order.saying(), means.models(), priced, began);
    }

    private BatchEnd ask(Workplace place, Beginning.Ready ready, Formats formats)
            throws IOException, InterruptedException {
        var plan = ready.plan();
        var header = ResultText.header(formats.output);
        try (var recorder = Recorder.open(place, header)) {
            var before = recorder.totals();
            progress = new Progress(Progress.Phase.ASKING, plan.rows(), before.rows(), before);
            var purse = new Purse(order.pace().budgetNanodollars(), before.costNanodollars());
            var working = crew(recorder, purse, formats.output);
            crew = Optional.of(working);
            if (stop.getCount() == 0) {
                working.wake(); // It was told to stop before there was a crew.
            }
            Crew.End how;
            try (var parcels = Parcels.open(place, bulk())) {
                long left = plan.rows() - before.rows();
                var rules = rules(plan.began());
                var state = new BulkRound.State(parcels, rules, purse, recorder::isDone, left);
                how =
                        handIn(state, ready, formats)
                                ? pass(
                                        ready,
                                        formats,
                                        (rows, known) -> working.askAll(rows, known, parcels))
                                : Crew.End.STOPPED;
            }
            recorder.drain();
            return switch (how) {
                case STOPPED -> new BatchEnd.Stopped(recorder.totals());
                case OUT_OF_BUDGET -> new BatchEnd.OutOfBudget(recorder.totals());
                case ALL_ASKED -> {
                    var totals = recorder.finish(plan.rows());
                    yield finish(place, formats.output, totals);
                }
            };
        }
    }

    /// What is done in one reading of all rows.
    private interface Pass<T> {
        T over(Rows rows, Crew.Known known) throws IOException, InterruptedException;
    }

    private <T> T pass(Beginning.Ready ready, Formats formats, Pass<T> pass)
            throws IOException, InterruptedException {
        var rules = rules(ready.plan().began());
        try (var answered = answered(formats.output, rules);
                var stream = BlockStream.checking(order.input(), ready.blocks());
                var rows = formats.input.rows(order.input(), stream, rules)) {
            return pass.over(rows, new Crew.Known(rules, ready.repeated(), answered));
        }
    }

    /// Returns false when it was stopped.
    private boolean handIn(BulkRound.State state, Beginning.Ready ready, Formats formats)
            throws IOException, InterruptedException {
        var round = new BulkRound(order.pace(), bulk(), means.time(), state);
        round.pack(packing -> pass(ready, formats, packing::pack));
        if (state.parcels().outstanding().isEmpty()) {
            return true;
        }
        var known = progress;
        progress = new Progress(Progress.Phase.WAITING, known.rows, known.resumed, known.totals);
        boolean over = round.await(stop);
        progress = known;
        return over;
    }

    private Bulk bulk() {
        return order.saying().dryRun() ? Bulk.NONE : means.bulk();
    }

    private BatchEnd finish(Workplace place, Format output, Totals totals) throws IOException {
        place.finish(output, totals.failed() > 0);
        means.whole().accept(totals);
        place.clear();
        return new BatchEnd.Whole(totals);
    }

    private Crew crew(Recorder recorder, Purse purse, Format output) {
        var pace = order.pace();
        var attempts =
                new Attempts(
                        asker(), pace.retry(), means.time(), RandomGenerator.getDefault(), stop);
        return new Crew(
                new Crew.Work(attempts, recorder, purse, output, means.time()),
                pace.concurrency(),
                stop,
                means.patience());
    }

    private RowAsker asker() {
        return order.saying().dryRun() ? Batch::echo : means.asker();
    }

    private static RowAsker.Asked echo(Model model, Row row) {
        var answer = Echo.answer(row.over(model), row.wording().question());
        return new RowAsker.Asked(
                answer, model.name(), new Spending(answer.tokens(), OptionalLong.of(0)));
    }
}
