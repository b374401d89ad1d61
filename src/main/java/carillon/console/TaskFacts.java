package carillon.console;

import carillon.action.Action;
import carillon.action.AgentCall;
import carillon.action.TaskCall;
import carillon.action.Workflow;
import carillon.batch.Batches;
import carillon.json.TaskJson;
import carillon.run.Ledgers;
import carillon.run.RunQuery;
import carillon.run.Runs;
import carillon.schedule.FireTime;
import carillon.task.Task;
import carillon.task.TaskVersion;
import carillon.task.Tasks;
import carillon.web.Call;
import carillon.web.Permission;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// Puts together what there is to say about one task.
final class TaskFacts {
    private static final int RUNS = 15;
    private static final int VERSIONS = 20;
    private static final int FIRE_TIMES = 5;
    private static final Duration DAY = Duration.ofDays(1);

    private final Tasks tasks;
    private final Runs runs;
    private final Ledgers ledgers;
    private final InstantSource time;

    TaskFacts(ConsoleApi.Parts parts) {
        this.tasks = parts.tasks();
        this.runs = parts.runs();
        this.ledgers = parts.ledgers();
        this.time = parts.time();
    }

    TaskView view(Task task, Call call) {
        var definition = task.definition();
        var newest = new RunQuery(Optional.of(task.id()), Set.of(), OptionalLong.empty(), 0, RUNS);
        var head =
                new TaskView.Head(
                        task.id().value(),
                        definition.name(),
                        definition.description(),
                        task.paused(),
                        call.may(Permission.OPERATE),
                        call.may(Permission.EDIT),
                        takesInput(definition.action()));
        return new TaskView(
                head,
                facts(task),
                definition.timetable().map(_ -> balance(task)),
                RunRows.of(runs.list(newest), tasks),
                tasks.versions(task.id()).stream()
                        .limit(VERSIONS)
                        .map(version -> row(version, task))
                        .toList(),
                TaskJson.shown(definition).toPrettyString());
    }

    /// Whether its runs look at what they are given.
    static boolean takesInput(Action action) {
        return action instanceof Workflow || action instanceof TaskCall;
    }

    private List<Fact> facts(Task task) {
        var facts = new ArrayList<Fact>();
        var definition = task.definition();
        facts.add(
                Fact.of(
                        "Schedule",
                        definition
                                .timetable()
                                .map(timetable -> timetable.schedule().describe())
                                .orElse("when asked to")));
        if (task.paused()) {
            facts.add(Fact.of("Next", "paused"));
        } else if (task.nextRun().isPresent()) {
            facts.add(Fact.of("Next", upcoming(task)));
        }
        if (Batches.isOne(definition)) {
            var batch = Optional.of(ConsoleApi.PREFIX + BatchRoutes.path(task.id()));
            facts.add(new Fact("Batch", "how far it is", batch));
        }
        if (definition.action() instanceof AgentCall call) {
            facts.add(new Fact("Agent", call.agent(), AgentRoutes.path(call.agent())));
        }
        facts.add(Fact.of("Made with", task.origin()));
        facts.add(Fact.of("Version", Integer.toString(task.version())));
        if (!definition.tags().isEmpty()) {
            var tags =
                    definition.tags().entrySet().stream()
                            .map(tag -> tag.getKey() + "=" + tag.getValue())
                            .collect(Collectors.joining(", "));
            facts.add(Fact.of("Tags", tags));
        }
        return facts;
    }

    private String upcoming(Task task) {
        var timetable = task.definition().timetable();
        var times = new ArrayList<String>();
        var next = task.nextRun();
        while (next.isPresent() && times.size() < FIRE_TIMES) {
            var at = next.get();
            times.add(Words.time(at));
            next = timetable.flatMap(each -> each.next(at)).map(FireTime::at);
        }
        return String.join(", ", times);
    }

    private LedgerView balance(Task task) {
        var now = time.instant().truncatedTo(ChronoUnit.MILLIS).plusMillis(1);
        var dayAgo = now.minus(DAY);
        var from = task.createdAt().isAfter(dayAgo) ? task.createdAt() : dayAgo;
        return balance(ledgers, task, from, now);
    }

    /// The balance of [`from`, `to`).
    static LedgerView balance(Ledgers ledgers, Task task, Instant from, Instant to) {
        return switch (ledgers.balance(task.id(), from, to)) {
            case Ledgers.Balance.Struck(var ledger) -> LedgerView.of(ledger);
            case Ledgers.Balance.NotFound() -> throw Inputs.none("task");
            case Ledgers.Balance.TooWide() ->
                    LedgerView.tooWide(Words.time(from) + " to " + Words.time(to));
        };
    }

    private static TaskView.VersionRow row(TaskVersion version, Task task) {
        return new TaskView.VersionRow(
                version.version(),
                Words.time(version.createdAt()),
                version.createdBy(),
                version.version() == task.version());
    }
}
