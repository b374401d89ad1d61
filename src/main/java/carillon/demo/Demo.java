package carillon.demo;

import carillon.action.Workflow;
import carillon.engine.Duty;
import carillon.engine.Loop;
import carillon.engine.Signal;
import carillon.event.Event;
import carillon.event.EventStore;
import carillon.json.Json;
import carillon.json.Problems;
import carillon.json.ReadContext;
import carillon.json.TaskJson;
import carillon.run.Ledger;
import carillon.run.Ledgers;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunState;
import carillon.run.Runs;
import carillon.task.Task;
import carillon.task.TaskId;
import carillon.task.Tasks;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// Makes the sample tasks in a running server, tells of every fire as it happens, and strikes the
/// balance at the end.
public final class Demo {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration PATIENCE_AT_END = Duration.ofSeconds(10);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private final Surroundings server;
    private final PrintWriter out;
    private final InstantSource time;
    private final List<Task> samples = new ArrayList<>();
    private long newestEvent;
    private Instant end = Instant.MAX;

    /// What the demo needs of the server that it runs in.
    public record Surroundings(Tasks tasks, Runs runs, Ledgers ledgers, EventStore events) {}

    public Demo(Surroundings server, PrintWriter out, InstantSource time) {
        this.server = server;
        this.out = out;
        this.time = time;
    }

    /// How long the demo goes on.
    @FunctionalInterface
    public interface Length {
        /// Returns when it is over.
        void await() throws InterruptedException;
    }

    /// Plays until the length is over; returns whether the ledger of the sample tasks adds up.
    public boolean run(Length length) throws InterruptedException {
        newestEvent = server.events().newest();
        out.printf("%-14s %-11s %9s  %-28s %s%n", "DUE (UTC)", "STATE", "LATE", "TASK", "NOTE");
        try (var receiver = new Receiver()) {
            play(receiver, length);
        }
        tell().runOnce(time.instant());
        return printLedger();
    }

    private void play(Receiver receiver, Length length) throws InterruptedException {
        try (var _ = new Loop("demo", tell(), new Signal(), time)) {
            new SampleTasks(receiver, time.instant()).definitions().forEach(this::create);
            length.await();
            samples.forEach(task -> server.tasks().pause(task.id()));
            end = time.instant();
            waitUntilEnded();
        }
    }

    private void create(String json) {
        var problems = new Problems();
        var id = server.tasks().newId();
        var context = ReadContext.sent(id, time.instant(), ZoneOffset.UTC);
        var definition = TaskJson.read(Json.readObject(json), context, problems);
        if (definition.isEmpty()) {
            throw new IllegalStateException("a sample task is wrong: " + problems);
        }
        var wanted = new Tasks.NewTask(id, "native", definition.get(), false, "demo");
        switch (server.tasks().create(wanted)) {
            case Tasks.Created.Done(var task) -> samples.add(task);
            case Tasks.Created.NeverFires() ->
                    throw new IllegalStateException("a sample task never fires: " + json);
        }
    }

    /// Runs under way end, and retries are made, before the balance is struck.
    private void waitUntilEnded() throws InterruptedException {
        var ended = new CountDownLatch(1);
        var until = time.instant().plus(PATIENCE_AT_END);
        Duty look =
                now -> {
                    if (balance().open() == 0 || now.isAfter(until)) {
                        ended.countDown();
                    }
                    return now.plus(LOOK_EVERY);
                };
        try (var _ = new Loop("demo-end", look, new Signal(), time)) {
            ended.await();
        }
    }

    private Duty tell() {
        return now -> {
            var events = server.events().after(newestEvent, 500);
            for (var event : events) {
                newestEvent = event.id();
                run(event).ifPresent(this::print);
                if (event.type().startsWith("delivery.")) {
                    printDelivery(event);
                }
            }
            return events.isEmpty() ? now.plus(LOOK_EVERY) : now;
        };
    }

    /// The run whose end, or whose failed attempt, the event tells of.
    private Optional<Run> run(Event event) {
        boolean tells =
                switch (event.type()) {
                    case "run.succeeded",
                            "run.failed",
                            "run.cancelled",
                            "run.skipped",
                            "run.missed",
                            "run.retrying" ->
                            true;
                    default -> false;
                };
        return tells && event.data().get("run_id") instanceof Number id
                ? server.runs().find(new RunId(id.longValue()))
                : Optional.empty();
    }

    private void printDelivery(Event event) {
        var data = event.data();
        var state = event.type().substring("delivery.".length()).toUpperCase(Locale.ROOT);
        var reason = String.valueOf(data.get("reason"));
        out.printf(
                "%-14s %-11s %9s  %-28s %s to %s%s%n",
                CLOCK.format(event.at()),
                state,
                "",
                data.get("task_id") instanceof Number id ? name(new TaskId(id.longValue())) : "",
                data.get("processor"),
                data.get("target"),
                reason.isEmpty() ? "" : ": " + reason);
        out.flush();
    }

    private String name(TaskId task) {
        return samples.stream()
                .filter(sample -> sample.id().equals(task))
                .map(sample -> sample.definition().name())
                .findFirst()
                .orElse("");
    }

    /// A step shows under its own name.
    private String name(Run run) {
        return run.occasion()
                .step()
                .flatMap(
                        key ->
                                samples.stream()
                                        .filter(sample -> sample.id().equals(run.task()))
                                        .map(sample -> sample.definition().action())
                                        .filter(Workflow.class::isInstance)
                                        .map(action -> ((Workflow) action).steps())
                                        .map(steps -> "  step " + steps.get(key.place()).name())
                                        .findFirst())
                .orElseGet(() -> name(run.task()));
    }

    private void print(Run run) {
        var planned = run.occasion().fireTime().orElse(run.dueAt());
        var late = run.lateness().map(lateness -> lateness.toMillis() + " ms").orElse("");
        var count = run.count() > 1 ? " (" + run.count() + " slots)" : "";
        var attempt = run.attempt() > 1 ? " (attempt " + run.attempt() + ")" : "";
        out.printf(
                "%-14s %-11s %9s  %-28s %s%n",
                CLOCK.format(planned),
                run.state(),
                late,
                name(run),
                run.progress().reason() + attempt + count);
        out.flush();
    }

    private Ledger balance() {
        return samples.stream().map(this::balance).reduce(Ledger::plus).orElseThrow();
    }

    /// From the beginning to when the tasks were paused.
    private Ledger balance(Task task) {
        return switch (server.ledgers().balance(task.id(), task.createdAt(), end)) {
            case Ledgers.Balance.Struck(var ledger) -> ledger;
            case Ledgers.Balance.NotFound(), Ledgers.Balance.TooWide() ->
                    throw new IllegalStateException("no ledger of task " + task.id());
        };
    }

    private boolean printLedger() {
        out.println();
        out.printf(
                "%-28s %8s = %9s + %6s + %9s + %7s + %6s + %4s%n",
                "LEDGER",
                "expected",
                "succeeded",
                "failed",
                "cancelled",
                "skipped",
                "missed",
                "open");
        boolean right = true;
        for (var task : samples) {
            var ledger = balance(task);
            printLine(task.definition().name(), ledger);
            right &= ledger.addsUp() && ledger.open() == 0;
        }
        var all = balance();
        printLine("all", all);
        boolean empty = all.expected() == 0;
        if (empty) {
            out.println("Nothing was due in this time: let it go on for longer.");
        } else {
            out.println(right ? "The ledger adds up." : "THE LEDGER DOES NOT ADD UP.");
        }
        out.flush();
        return right && !empty;
    }

    private void printLine(String name, Ledger ledger) {
        out.printf(
                "%-28s %8d = %9d + %6d + %9d + %7d + %6d + %4d%s%n",
                name,
                ledger.expected(),
                ledger.in(RunState.SUCCEEDED),
                ledger.in(RunState.FAILED),
                ledger.in(RunState.CANCELLED),
                ledger.in(RunState.SKIPPED),
                ledger.in(RunState.MISSED),
                ledger.open(),
                ledger.addsUp() ? "" : "  <- does not add up");
    }
}
