package carillon.api;

import carillon.json.Fields;
import carillon.json.Json;
import carillon.json.Problems;
import carillon.run.Ledger;
import carillon.run.Ledgers;
import carillon.run.Run;
import carillon.run.RunState;
import carillon.run.Runs;
import carillon.run.Trigger;
import carillon.task.Task;
import carillon.task.TaskId;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What runs of one task there are, should be, and shall be.
final class TaskRunRoutes {
    private static final String TASK = "/api/v1/tasks/{id}";

    /// How long a call may wait for the end of a run.
    private static final Duration MAX_WAIT = Duration.ofSeconds(25);

    private final Tasks tasks;
    private final Runs runs;
    private final Ledgers ledgers;
    private final InstantSource time;

    TaskRunRoutes(NativeApi.Parts parts) {
        this.tasks = parts.tasks();
        this.runs = parts.runs();
        this.ledgers = parts.ledgers();
        this.time = parts.time();
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.POST, TASK + "/execute", Permission.OPERATE, this::execute),
                new Route(Method.POST, TASK + "/backfill", Permission.OPERATE, this::backfill),
                new Route(Method.GET, TASK + "/runs", Permission.VIEW, this::list),
                new Route(Method.GET, TASK + "/slots", Permission.VIEW, this::slots));
    }

    private Task require(Call call) {
        var id = Parameters.taskId(call);
        return tasks.find(id).orElseThrow(() -> Refused.noTask(id.toString()));
    }

    private Answer execute(Call call) throws InterruptedException {
        var input = input(call);
        var id = Parameters.taskId(call);
        var patience = Parameters.duration(call, "wait", MAX_WAIT);
        var run =
                runs.trigger(id, Trigger.MANUAL, input)
                        .orElseThrow(() -> Refused.noTask(id.toString()));
        if (patience.isPresent()) {
            run = runs.await(run.id(), patience.get()).orElse(run);
        }
        return Answer.created(RunView.whole(run, runs))
                .withHeader("Location", RunRoutes.location(run.id()));
    }

    /// `{"input":{…}}`, for the steps of a workflow to look at.
    static Optional<String> input(Call call) {
        if (!call.hasBody()) {
            return Optional.empty();
        }
        var problems = new Problems();
        var fields = Fields.of(call.json(), "", problems);
        var input = fields.flatMap(body -> body.raw("input"));
        if (input.filter(sent -> !sent.isObject()).isPresent()) {
            problems.add("input", "must be an object");
        }
        fields.ifPresent(Fields::done);
        if (!problems.isEmpty()) {
            throw Refused.of(problems);
        }
        return input.map(Json::write);
    }

    private record Range(Instant from, Instant to) {}

    private static Range range(Call call) {
        var problems = new Problems();
        var fields = Fields.of(call.json(), "", problems);
        var from = fields.flatMap(body -> required(body, "from"));
        var to = fields.flatMap(body -> required(body, "to"));
        fields.ifPresent(Fields::done);
        if (from.isPresent() && to.isPresent() && !to.get().isAfter(from.get())) {
            problems.add("to", "must be after from");
        }
        if (!problems.isEmpty() || from.isEmpty() || to.isEmpty()) {
            throw Refused.of(problems);
        }
        return new Range(from.get(), to.get());
    }

    private static Optional<Instant> required(Fields body, String name) {
        if (!body.has(name)) {
            body.problem(name, "is required");
        }
        return body.instant(name);
    }

    private Answer backfill(Call call) {
        var id = Parameters.taskId(call);
        var range = range(call);
        return switch (runs.backfill(id, range.from(), range.to())) {
            case Runs.Backfilled.Done(var made) ->
                    Answer.created(Page.whole(made.stream().map(RunView::begins).toList()));
            case Runs.Backfilled.NotFound() -> throw Refused.noTask(id.toString());
            case Runs.Backfilled.NoSchedule() ->
                    throw Refused.invalid("id", "the task has no schedule to name fire times");
            case Runs.Backfilled.TooMany() ->
                    throw Refused.invalid(
                            "to", "the range names more than " + Runs.MAX_BACKFILL + " fire times");
        };
    }

    private Answer list(Call call) {
        var task = require(call);
        return RunRoutes.list(runs, call, Optional.of(task.id()));
    }

    private Answer slots(Call call) {
        var task = require(call);
        int limit = Parameters.limit(call);
        var from = Parameters.instant(call, "from").orElse(task.createdAt());
        var now = time.instant().truncatedTo(ChronoUnit.MILLIS);
        var to = Parameters.instant(call, "to").orElse(now.plusMillis(1));
        if (!to.isAfter(from)) {
            throw Refused.invalid("to", "must be after from");
        }
        var cursor = Parameters.cursor(call);
        var after =
                cursor.isPresent()
                        ? Optional.of(Instant.ofEpochMilli(cursor.getAsLong()))
                        : Optional.<Instant>empty();
        var found = ledgers.slots(task.id(), from, to, after, limit + 1);
        var page = Page.of(found, limit, TaskRunRoutes::position, RunView::slot);
        page.set("ledger", ledger(task.id(), from, to));
        return Answer.ok(page);
    }

    private static long position(Run slot) {
        return slot.occasion().fireTime().orElseThrow().toEpochMilli();
    }

    private ObjectNode ledger(TaskId id, Instant from, Instant to) {
        return switch (ledgers.balance(id, from, to)) {
            case Ledgers.Balance.Struck(var ledger) -> view(ledger);
            case Ledgers.Balance.NotFound() -> throw Refused.noTask(id.toString());
            case Ledgers.Balance.TooWide() ->
                    throw Refused.invalid(
                            "from",
                            "the range names more than "
                                    + Ledgers.MAX_EXPECTED
                                    + " fire times; ask for a shorter one");
        };
    }

    private static ObjectNode view(Ledger ledger) {
        var view = Json.object().put("expected", ledger.expected());
        for (var state : RunState.values()) {
            if (state.isFinal()) {
                view.put(state.name().toLowerCase(Locale.ROOT), ledger.in(state));
            }
        }
        return view.put("open", ledger.open())
                .put("from", ledger.from().toString())
                .put("to", ledger.to().toString());
    }
}
