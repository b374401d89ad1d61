package carillon.console;

import carillon.json.TaskJson;
import carillon.run.Run;
import carillon.run.Runs;
import carillon.schedule.Timetable;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.task.TaskQuery;
import carillon.task.TaskVersion;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The tasks: all of them, one, and one of its versions.
final class TaskRoutes {
    private static final String TASKS = "/tasks";
    private static final String TASK = TASKS + "/{id}";
    private static final int ROWS = 25;
    private static final int MAX_TEXT = 200;

    private final Tasks tasks;
    private final Runs runs;
    private final TaskFacts facts;
    private final Live live;

    TaskRoutes(ConsoleApi.Parts parts, Live live) {
        this.tasks = parts.tasks();
        this.runs = parts.runs();
        this.facts = new TaskFacts(parts);
        this.live = live;
    }

    static String path(TaskId id) {
        return TASKS + "/" + id;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, TASKS, Permission.VIEW, this::list),
                new Route(Method.GET, TASK, Permission.VIEW, this::find),
                new Route(Method.GET, TASK + "/live", Permission.VIEW, this::follow),
                new Route(
                        Method.GET, TASK + "/versions/{version}", Permission.VIEW, this::version));
    }

    private Answer list(Call call) {
        var sought = Inputs.text(call, "q", MAX_TEXT);
        var query =
                new TaskQuery(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(sought).filter(t -> !t.isEmpty()),
                        Inputs.before(call),
                        0,
                        ROWS + 1);
        var found = tasks.list(query);
        var shown = found.subList(0, Math.min(ROWS, found.size()));
        var older =
                found.size() > ROWS
                        ? OptionalLong.of(shown.getLast().id().value())
                        : OptionalLong.empty();
        var last = runs.lastEnded(shown.stream().map(Task::id).toList());
        var rows = shown.stream().map(task -> row(task, last)).toList();
        return Pages.page(
                call,
                "Tasks",
                "tasks.jte",
                new TaskListView(sought, rows, older, call.may(Permission.EDIT)));
    }

    private static TaskListView.TaskRow row(Task task, Map<TaskId, Run> last) {
        var ended = Optional.ofNullable(last.get(task.id())).map(run -> run.state().name());
        return new TaskListView.TaskRow(
                task.id().value(),
                task.definition().name(),
                schedule(task.definition()),
                task.paused() ? "paused" : Words.time(task.nextRun()),
                ended.orElse(Words.NOTHING),
                ended.orElse("none").toLowerCase(Locale.ROOT));
    }

    private static String schedule(TaskDefinition definition) {
        return definition
                .timetable()
                .map(Timetable::schedule)
                .map(rule -> rule.describe())
                .orElse("when asked to");
    }

    private Answer find(Call call) {
        var task = tasks.find(Inputs.taskId(call)).orElseThrow(() -> Inputs.none("task"));
        return Pages.page(call, task.definition().name(), "task.jte", facts.view(task, call));
    }

    private Answer follow(Call call) {
        var id = Inputs.taskId(call);
        if (tasks.find(id).isEmpty()) {
            throw Inputs.none("task");
        }
        return live.stream(
                call,
                () ->
                        tasks.find(id)
                                .map(task -> Pages.part("task-part.jte", facts.view(task, call))));
    }

    private Answer version(Call call) {
        var id = Inputs.taskId(call);
        var version =
                Inputs.id(call.path("version"))
                        .filter(number -> number <= Integer.MAX_VALUE)
                        .flatMap(number -> tasks.version(id, number.intValue()))
                        .orElseThrow(() -> Inputs.none("version"));
        var title = "Version " + version.version() + " of " + version.definition().name();
        return Pages.page(call, title, "version.jte", view(version, call));
    }

    private VersionView view(TaskVersion version, Call call) {
        boolean old =
                tasks.find(version.task()).stream()
                        .anyMatch(task -> task.version() != version.version());
        var facts = new ArrayList<Fact>();
        var task = Optional.of(ConsoleApi.PREFIX + path(version.task()));
        facts.add(new Fact("Task", version.definition().name(), task));
        facts.add(Fact.of("Made", version.createdAt().toString()));
        facts.add(Fact.of("By", version.createdBy()));
        version.rolledBackFrom()
                .ifPresent(from -> facts.add(Fact.of("Says what version", from + " said")));
        return new VersionView(
                version.task().value(),
                version.version(),
                facts,
                TaskJson.shown(version.definition()).toPrettyString(),
                old && call.may(Permission.EDIT));
    }
}
