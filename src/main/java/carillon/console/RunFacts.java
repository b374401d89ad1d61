package carillon.console;

import carillon.ai.Spending;
import carillon.outbox.Delivery;
import carillon.response.Response;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunStore.AttemptRow;
import carillon.run.Runs;
import carillon.task.Tasks;
import carillon.web.Call;
import carillon.web.Permission;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Puts together what there is to say about one run.
final class RunFacts {
    private static final int NANODOLLARS_DIGITS = 9;

    private RunFacts() {}

    /// `past` holds what is known of the run besides: what a model said, what was brought where.
    static RunView view(Run run, Runs runs, Tasks tasks, ConsoleApi.Past past, Call call) {
        var row = RunRows.of(List.of(run), tasks).getFirst();
        var attempts = runs.attempts(run.id());
        var spending = runs.spendings(List.of(run.id())).getOrDefault(run.id(), Spending.NONE);
        return new RunView(
                row,
                facts(run, row, spending, past.responses().ofRun(run.id())),
                doing(run, past, call.may(Permission.OPERATE)),
                StepRoutes.view(past.steps(), run, 0),
                TranscriptRoutes.begin(past.transcripts(), run.id()),
                attempts.stream().map(RunFacts::row).toList(),
                output(runs.output(run.id())),
                past.deliveries().of(run.id().value()).stream().map(RunFacts::row).toList());
    }

    /// A step is done again with the whole workflow, not by itself.
    private static RunView.Doing doing(Run run, ConsoleApi.Past past, boolean operates) {
        boolean ended = run.state().isFinal();
        return new RunView.Doing(
                operates && !ended,
                operates && ended && run.occasion().step().isEmpty(),
                operates ? StepRoutes.question(past.steps(), run) : Optional.empty());
    }

    private static List<Fact> facts(
            Run run, RunRow row, Spending spending, Optional<Response> response) {
        var facts = new ArrayList<Fact>();
        var task = Optional.of(ConsoleApi.PREFIX + "/tasks/" + run.task());
        var progress = run.progress();
        var occasion = run.occasion();
        facts.add(new Fact("Task", row.name() + ", version " + run.version(), task));
        facts.add(Fact.of("Trigger", occasion.trigger().name()));
        addTime(facts, "Fire time", occasion.fireTime());
        addTime(facts, "Due", Optional.of(occasion.dueAt()));
        addTime(facts, "Started", progress.times().startedAt());
        run.lateness().ifPresent(late -> facts.add(Fact.of("Late by", Words.duration(late))));
        addTime(facts, "Finished", progress.times().finishedAt());
        if (progress.attemptsUsed() > 0) {
            facts.add(
                    Fact.of(
                            "Attempts",
                            progress.attemptsUsed() + " of " + progress.attemptsAllowed()));
        }
        progress.holder().ifPresent(holder -> facts.add(Fact.of("Node", holder.node())));
        if (run.count() > 1) {
            facts.add(Fact.of("Fire times", Words.number(run.count())));
            addTime(facts, "The last of them", run.lastFireTime());
        }
        occasion.parent()
                .ifPresent(
                        parent ->
                                facts.add(
                                        new Fact(
                                                "Comes from",
                                                "run " + parent,
                                                Optional.of(
                                                        ConsoleApi.PREFIX
                                                                + RunRoutes.path(parent)))));
        addSpending(facts, spending);
        response.ifPresent(
                said ->
                        facts.add(
                                new Fact(
                                        "A model said",
                                        "response " + said.id(),
                                        Optional.of(
                                                ConsoleApi.PREFIX + "/responses/" + said.id()))));
        return facts;
    }

    private static void addTime(List<Fact> facts, String name, Optional<Instant> at) {
        at.ifPresent(instant -> facts.add(Fact.of(name, instant.toString())));
    }

    static void addSpending(List<Fact> facts, Spending spending) {
        spending.tokens()
                .ifPresent(
                        tokens ->
                                facts.add(
                                        Fact.of(
                                                "Tokens",
                                                "%s in, %s out"
                                                        .formatted(
                                                                Words.number(tokens.input()),
                                                                Words.number(tokens.output())))));
        spending.costNanodollars()
                .ifPresent(
                        cost -> {
                            var dollars = BigDecimal.valueOf(cost, NANODOLLARS_DIGITS);
                            var text = dollars.stripTrailingZeros().toPlainString();
                            facts.add(Fact.of("Cost", "$" + text));
                        });
    }

    private static RunView.AttemptRow row(AttemptRow attempt) {
        var took =
                attempt.startedAt()
                        .flatMap(
                                from -> attempt.finishedAt().map(to -> Duration.between(from, to)));
        return new RunView.AttemptRow(
                attempt.attempt(),
                attempt.state().name(),
                attempt.state().name().toLowerCase(Locale.ROOT),
                Words.time(attempt.startedAt()),
                took.map(Words::duration).orElse(Words.NOTHING),
                attempt.reason());
    }

    private static RunView.DeliveryRow row(Delivery delivery) {
        var progress = delivery.progress();
        return new RunView.DeliveryRow(
                delivery.type(),
                delivery.target(),
                progress.state().name(),
                WebhookRoutes.tone(progress.state()),
                progress.attempts(),
                Words.brief(progress.error()));
    }

    private static Optional<RunView.OutputView> output(Output output) {
        if (output.isEmpty()) {
            return Optional.empty();
        }
        var caption = new ArrayList<String>();
        output.statusCode().ifPresent(code -> caption.add("status " + code));
        if (!output.contentType().isEmpty()) {
            caption.add(output.contentType());
        }
        if (output.cut()) {
            caption.add("cut: there was more");
        }
        return Optional.of(new RunView.OutputView(String.join(" · ", caption), output.body()));
    }
}
