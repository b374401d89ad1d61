package carillon.console;

import carillon.json.TaskJson;
import carillon.schedule.FireTime;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.RefusedException;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/// Writing tasks: new ones, new versions, the way back to an old version, and deleting. A
/// definition is written as the native API takes it.
final class EditorRoutes {
    private static final String TASKS = "/tasks";
    private static final String TASK = TASKS + "/{id}";
    private static final int FIRE_TIMES = 8;
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("EEE uuuu-MM-dd HH:mm:ss xxx", Locale.ROOT);

    private static final String NEVER = "schedule: names no fire time after now";
    private static final String EXAMPLE =
            """
            {
              "name": "daily report",
              "schedule": {"cron": "0 9 * * MON-FRI", "timezone": "UTC"},
              "action": {"http": {"url": "https://example.com/report", "method": "POST"}},
              "retry": {"attempts": 3}
            }
            """;

    /// As in `origin` of tasks: they are such as the native API makes.
    private static final String ORIGIN = "native";

    private final Tasks tasks;
    private final ConsoleApi.Writing writing;
    private final InstantSource time;

    EditorRoutes(ConsoleApi.Parts parts, ConsoleApi.Writing writing) {
        this.tasks = parts.tasks();
        this.writing = writing;
        this.time = parts.time();
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, TASKS + "/new", Permission.VIEW, this::begin),
                new Route(Method.POST, TASKS, Permission.EDIT, this::create),
                new Route(Method.GET, TASK + "/edit", Permission.VIEW, this::edit),
                new Route(Method.POST, TASK, Permission.EDIT, this::update),
                new Route(Method.POST, TASKS + "/preview", Permission.VIEW, this::preview),
                new Route(
                        Method.POST, TASK + "/rollback/{version}", Permission.EDIT, this::rollback),
                new Route(Method.POST, TASK + "/delete", Permission.EDIT, this::delete));
    }

    private Answer begin(Call call) {
        return editor(200, call, Optional.empty(), EXAMPLE, List.of());
    }

    private Answer edit(Call call) {
        var task = require(call);
        var text = TaskJson.shown(task.definition()).toPrettyString();
        return editor(200, call, Optional.of(task), text, List.of());
    }

    private Task require(Call call) {
        return tasks.find(Inputs.taskId(call)).orElseThrow(() -> Inputs.none("task"));
    }

    private static Answer editor(
            int status, Call call, Optional<Task> task, String text, List<String> problems) {
        var heading = task.map(each -> "Edit " + each.definition().name()).orElse("New task");
        var path = task.map(each -> TaskRoutes.path(each.id())).orElse(TASKS);
        var view =
                new EditorView(
                        heading,
                        ConsoleApi.PREFIX + path,
                        task.map(each -> each.id().value()),
                        task.map(Task::version).orElse(0),
                        text,
                        problems,
                        call.may(Permission.EDIT));
        return Pages.page(status, call, heading, "editor.jte", view);
    }

    /// The definition that was typed in.
    static String text(Call call) {
        return call.field("definition")
                .orElseThrow(
                        () ->
                                new RefusedException(
                                        Refusal.of(
                                                Refusal.Kind.INVALID,
                                                "A definition is required.")));
    }

    private Answer create(Call call) {
        var text = text(call);
        var id = tasks.newId();
        return switch (Draft.read(text, id, Optional.empty(), writing, time.instant())) {
            case Draft.Faulty(var problems) -> editor(400, call, Optional.empty(), text, problems);
            case Draft.Sound(var definition) -> create(call, text, id, definition);
        };
    }

    private Answer create(Call call, String text, TaskId id, TaskDefinition definition) {
        var wanted = new Tasks.NewTask(id, ORIGIN, definition, false, call.caller());
        return switch (tasks.create(wanted)) {
            case Tasks.Created.Done(Task task) -> Pages.seeOther(TaskRoutes.path(task.id()));
            case Tasks.Created.NeverFires() ->
                    editor(400, call, Optional.empty(), text, List.of(NEVER));
        };
    }

    private Answer update(Call call) {
        var text = text(call);
        var task = require(call);
        var previous = Optional.of(task);
        return switch (Draft.read(text, task.id(), previous, writing, time.instant())) {
            case Draft.Faulty(var problems) -> editor(400, call, previous, text, problems);
            case Draft.Sound(var definition) -> update(call, text, task, definition);
        };
    }

    /// Nobody's change is lost: what was read must still be what is replaced.
    private Answer update(Call call, String text, Task task, TaskDefinition definition) {
        int seen =
                call.field("version")
                        .flatMap(Inputs::id)
                        .filter(number -> number <= Integer.MAX_VALUE)
                        .map(Long::intValue)
                        .orElse(task.version());
        var expected = OptionalInt.of(seen);
        return switch (tasks.update(task.id(), definition, expected, call.caller())) {
            case Tasks.Changed.Done(Task done) -> Pages.seeOther(TaskRoutes.path(done.id()));
            case Tasks.Changed.NotFound() -> throw Inputs.none("task");
            case Tasks.Changed.NoSuchVersion() ->
                    throw new IllegalStateException("an update names no version");
            case Tasks.Changed.Conflict(int current) ->
                    editor(409, call, Optional.of(task), text, List.of(changed(seen, current)));
            case Tasks.Changed.NeverFires() ->
                    editor(400, call, Optional.of(task), text, List.of(NEVER));
        };
    }

    private static String changed(int seen, int current) {
        return ("The task was at version %d when you began and is at version %d now."
                        + " Look at what has changed; saving again replaces it.")
                .formatted(seen, current);
    }

    private Answer preview(Call call) {
        var previous = call.field("task").flatMap(Inputs::id).map(TaskId::new).flatMap(tasks::find);
        var id = previous.map(Task::id).orElse(NO_TASK);
        var view =
                switch (Draft.read(text(call), id, previous, writing, time.instant())) {
                    case Draft.Faulty(var problems) -> new PreviewView(problems, "", List.of());
                    case Draft.Sound(var definition) -> preview(definition);
                };
        return Pages.fragment("preview.jte", view);
    }

    /// Stands for the task that does not exist yet, where a schedule spreads by task.
    private static final TaskId NO_TASK = new TaskId(1);

    private PreviewView preview(TaskDefinition definition) {
        var timetable = definition.timetable();
        if (timetable.isEmpty()) {
            return new PreviewView(List.of(), "It runs when it is asked to.", List.of());
        }
        var rule = timetable.get().schedule();
        var times = new ArrayList<String>();
        var next = timetable.get().next(time.instant());
        while (next.isPresent() && times.size() < FIRE_TIMES) {
            var fireTime = next.get();
            times.add(LOCAL.format(fireTime.at().atZone(rule.zone())) + mark(fireTime));
            next = timetable.get().next(fireTime.at());
        }
        return times.isEmpty()
                ? new PreviewView(List.of(NEVER), "", List.of())
                : new PreviewView(List.of(), rule.describe(), times);
    }

    private static String mark(FireTime fireTime) {
        var mark =
                switch (fireTime.mark()) {
                    case NONE -> "";
                    case GAP -> " (its hour does not exist on that day)";
                    case OVERLAP -> " (its hour comes twice on that day)";
                };
        return fireTime.runs() ? mark : mark + " (skipped)";
    }

    private Answer rollback(Call call) {
        var id = Inputs.taskId(call);
        var version =
                Inputs.id(call.path("version"))
                        .filter(number -> number <= Integer.MAX_VALUE)
                        .orElseThrow(() -> Inputs.none("version"));
        return switch (tasks.rollback(id, version.intValue(), call.caller())) {
            case Tasks.Changed.Done(Task task) -> Pages.seeOther(TaskRoutes.path(task.id()));
            case Tasks.Changed.NotFound() -> throw Inputs.none("task");
            case Tasks.Changed.NoSuchVersion() -> throw Inputs.none("version");
            case Tasks.Changed.Conflict(int current) ->
                    throw conflict("The task has changed since: it is at version " + current + ".");
            case Tasks.Changed.NeverFires() ->
                    throw conflict("That version's schedule names no fire time any more.");
        };
    }

    private static RefusedException conflict(String message) {
        return new RefusedException(Refusal.of(Refusal.Kind.CONFLICT, message));
    }

    private Answer delete(Call call) {
        if (!tasks.delete(Inputs.taskId(call))) {
            throw Inputs.none("task");
        }
        return Pages.seeOther(TASKS);
    }
}
