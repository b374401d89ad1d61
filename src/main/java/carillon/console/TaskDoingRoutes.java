package carillon.console;

import carillon.json.Json;
import carillon.json.JsonException;
import carillon.run.Ledgers;
import carillon.run.Run;
import carillon.run.Runs;
import carillon.run.Trigger;
import carillon.task.Task;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// What a task does and has done: executing, pausing and resuming it, and its slot ledger.
final class TaskDoingRoutes {
    private static final String TASK = "/tasks/{id}";
    private static final int ROWS = 50;
    private static final Duration DAY = Duration.ofDays(1);

    private final Tasks tasks;
    private final Runs runs;
    private final Ledgers ledgers;
    private final InstantSource time;

    TaskDoingRoutes(ConsoleApi.Parts parts) {
        this.tasks = parts.tasks();
        this.runs = parts.runs();
        this.ledgers = parts.ledgers();
        this.time = parts.time();
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.POST, TASK + "/execute", Permission.OPERATE, this::execute),
                new Route(Method.GET, TASK + "/execute", Permission.VIEW, this::askInput),
                new Route(Method.POST, TASK + "/pause", Permission.OPERATE, this::pause),
                new Route(Method.POST, TASK + "/resume", Permission.OPERATE, this::resume),
                new Route(Method.GET, TASK + "/slots", Permission.VIEW, this::slots));
    }

    /// A form that sends no input, or an empty one, starts a run without any.
    private Answer execute(Call call) {
        var id = Inputs.taskId(call);
        var text = call.field("input").map(String::strip).orElse("");
        var input = Optional.<String>empty();
        if (!text.isEmpty()) {
            try {
                input = Optional.of(Json.write(Json.readObject(text)));
            } catch (JsonException e) {
                return input(400, call, text, e.getMessage());
            }
        }
        var run = runs.trigger(id, Trigger.MANUAL, input).orElseThrow(() -> Inputs.none("task"));
        return Pages.seeOther(RunRoutes.path(run.id()));
    }

    private Answer askInput(Call call) {
        return input(200, call, "{\n}", "");
    }

    private Answer input(int status, Call call, String text, String problem) {
        var task = tasks.find(Inputs.taskId(call)).orElseThrow(() -> Inputs.none("task"));
        var name = task.definition().name();
        var view =
                new InputView(task.id().value(), name, text, problem, call.may(Permission.OPERATE));
        return Pages.page(status, call, "Run " + name, "input.jte", view);
    }

    private Answer pause(Call call) {
        return back(tasks.pause(Inputs.taskId(call)));
    }

    private Answer resume(Call call) {
        return back(tasks.resume(Inputs.taskId(call)));
    }

    private static Answer back(Optional<Task> task) {
        return Pages.seeOther(TaskRoutes.path(task.orElseThrow(() -> Inputs.none("task")).id()));
    }

    private Answer slots(Call call) {
        var task = tasks.find(Inputs.taskId(call)).orElseThrow(() -> Inputs.none("task"));
        var soon = time.instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        var to = instant(call, "to").orElse(soon);
        var from =
                instant(call, "from").filter(at -> at.isBefore(to)).orElseGet(() -> to.minus(DAY));
        var after = call.query("after").flatMap(Inputs::id).map(Instant::ofEpochMilli);
        var found = ledgers.slots(task.id(), from, to, after, ROWS + 1);
        var shown = found.subList(0, Math.min(ROWS, found.size()));
        var name = task.definition().name();
        var next =
                found.size() > ROWS
                        ? Optional.of(path(task, from, to, shown.getLast()))
                        : Optional.<String>empty();
        var view =
                new SlotsView(
                        task.id().value(),
                        name,
                        written(from),
                        written(to),
                        TaskFacts.balance(ledgers, task, from, to),
                        shown.stream().map(run -> RunRow.of(run, name)).toList(),
                        next);
        return Pages.page(call, "Fire times of " + name, "slots.jte", view);
    }

    private static String path(Task task, Instant from, Instant to, Run last) {
        return "%s%s/slots?from=%s&to=%s&after=%d"
                .formatted(
                        ConsoleApi.PREFIX,
                        TaskRoutes.path(task.id()),
                        written(from),
                        written(to),
                        last.occasion().fireTime().orElseThrow().toEpochMilli());
    }

    /// As browsers write and read a time without a zone.
    private static String written(Instant at) {
        return LocalDateTime.ofInstant(at, ZoneOffset.UTC).toString();
    }

    private static Optional<Instant> instant(Call call, String name) {
        try {
            return call.query(name)
                    .map(LocalDateTime::parse)
                    .filter(at -> at.getYear() >= 1970 && at.getYear() <= 9999)
                    .map(at -> at.toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException e) {
            return Optional.empty(); // Shown is what is meant when nothing is sent.
        }
    }
}
