package carillon.webhook;

import static java.util.Objects.requireNonNull;

import carillon.action.BatchFile;
import carillon.action.TaskBatch;
import carillon.ai.Spending;
import carillon.event.Event;
import carillon.oneshot.ClientName;
import carillon.oneshot.OneShotStore;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunStore;
import carillon.run.Trigger;
import carillon.task.Task;
import carillon.task.TaskId;
import carillon.task.TaskStore;
import carillon.webhook.Occurrence.Ran;
import carillon.webhook.Occurrence.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Makes what subscriptions are told of out of the event log.
public final class Happenings {
    private final History history;

    /// Where more is found of what events are about.
    public record History(TaskStore tasks, RunStore runs, OneShotStore oneShots) {
        public History {
            requireNonNull(tasks, "tasks");
            requireNonNull(runs, "runs");
            requireNonNull(oneShots, "oneShots");
        }
    }

    public Happenings(History history) {
        this.history = requireNonNull(history, "history");
    }

    /// What the events amount to, in their order, of what is `wanted`.
    List<Occurrence> of(List<Event> events, Set<WebhookEvent> wanted) {
        var occurrences = new ArrayList<Occurrence>();
        var subjects = new Subjects();
        for (var event : events) {
            occurrences.addAll(tasks(event, wanted, subjects));
            WebhookEvent.of(event.type())
                    .filter(kind -> kind != WebhookEvent.TASK_CREATED && wanted.contains(kind))
                    .ifPresent(kind -> occurrences.add(plain(kind, event)));
        }
        if (wanted.contains(WebhookEvent.SYSTEM_ALERT)) {
            occurrences.addAll(Alarms.of(events));
        }
        return occurrences;
    }

    /// Named in the log as it is told.
    private static Occurrence plain(WebhookEvent kind, Event event) {
        return new Occurrence(kind, event.at(), Optional.empty(), event.data(), Subject.NONE);
    }

    private static List<Occurrence> tasks(
            Event event, Set<WebhookEvent> wanted, Subjects subjects) {
        var ofTask = new ArrayList<WebhookEvent>(kinds(event));
        var ofBatch = ofTask.stream().map(Happenings::ofBatch).filter(wanted::contains).toList();
        ofTask.retainAll(wanted);
        if (ofTask.isEmpty() && ofBatch.isEmpty()) {
            return List.of();
        }
        var subject = subjects.of(event);
        var kinds = subject.task().filter(Happenings::isBatch).isPresent() ? ofBatch : ofTask;
        var told = new ArrayList<Occurrence>();
        for (var kind : kinds) {
            boolean starts =
                    kind == WebhookEvent.TASK_STARTED || kind == WebhookEvent.BATCH_STARTED;
            var startedAt = subject.run().flatMap(ran -> ran.run().progress().times().startedAt());
            if (starts && startedAt.isEmpty() && !event.type().equals("run.running")) {
                continue; // It has ended without a beginning.
            }
            var once = starts ? Optional.of("started " + event.data().get("run_id")) : NOT_ONCE;
            Instant at = starts ? startedAt.orElse(event.at()) : event.at();
            told.add(new Occurrence(kind, at, once, event.data(), subject));
        }
        return told;
    }

    /// The runs of batches are told of as those of batches.
    private static boolean isBatch(Task task) {
        return task.definition().action() instanceof BatchFile
                || task.definition().action() instanceof TaskBatch;
    }

    private static WebhookEvent ofBatch(WebhookEvent ofTask) {
        return switch (ofTask) {
            case TASK_CREATED -> WebhookEvent.BATCH_CREATED;
            case TASK_STARTED -> WebhookEvent.BATCH_STARTED;
            case TASK_COMPLETED -> WebhookEvent.BATCH_COMPLETED;
            case TASK_FAILED -> WebhookEvent.BATCH_FAILED;
            case BATCH_CREATED,
                    BATCH_STARTED,
                    BATCH_COMPLETED,
                    BATCH_FAILED,
                    SCHEDULED_TASK_EXECUTED,
                    SYSTEM_ALERT ->
                    ofTask;
        };
    }

    private static final Optional<String> NOT_ONCE = Optional.empty();

    /// A short run is not written as running: its end tells of its beginning too.
    private static List<WebhookEvent> kinds(Event event) {
        if (Trigger.WORKFLOW.name().equals(event.data().get("trigger"))) {
            return List.of(); // A step: the workflow's own run tells of it.
        }
        boolean scheduled = isScheduled(event);
        return switch (event.type()) {
            case "task.created" -> List.of(WebhookEvent.TASK_CREATED);
            case "run.running", "run.retrying" -> List.of(WebhookEvent.TASK_STARTED);
            case "run.succeeded" -> ended(WebhookEvent.TASK_COMPLETED, scheduled);
            case "run.failed" -> ended(WebhookEvent.TASK_FAILED, scheduled);
            case "run.cancelled" -> ended(WebhookEvent.TASK_FAILED, false);
            case "run.skipped", "run.missed" ->
                    scheduled ? List.of() : List.of(WebhookEvent.TASK_FAILED);
            default -> List.of();
        };
    }

    private static List<WebhookEvent> ended(WebhookEvent how, boolean scheduled) {
        return scheduled
                ? List.of(WebhookEvent.TASK_STARTED, how, WebhookEvent.SCHEDULED_TASK_EXECUTED)
                : List.of(WebhookEvent.TASK_STARTED, how);
    }

    private static boolean isScheduled(Event event) {
        return Trigger.SCHEDULE.name().equals(event.data().get("trigger"));
    }

    /// What is found of tasks and runs, each looked for once.
    private final class Subjects {
        private final Map<TaskId, Optional<Task>> tasks = new HashMap<>();
        private final Map<TaskId, Optional<ClientName>> names = new HashMap<>();
        private final Map<RunId, Optional<Ran>> runs = new HashMap<>();

        Subject of(Event event) {
            var task = id(event, "task_id").map(TaskId::new);
            var found = task.flatMap(id -> tasks.computeIfAbsent(id, history.tasks::find));
            var name = found.flatMap(one -> names.computeIfAbsent(one.id(), _ -> name(one)));
            var run = id(event, "run_id").map(RunId::new);
            return new Subject(found, name, run.flatMap(id -> runs.computeIfAbsent(id, this::run)));
        }

        private Optional<ClientName> name(Task task) {
            var api = isBatch(task) ? ClientName.batchesOf(task.origin()) : task.origin();
            var named = history.oneShots.names(api, List.of(task.id()));
            return Optional.ofNullable(named.get(task.id()));
        }

        private Optional<Ran> run(RunId id) {
            return history.runs.find(id).map(this::run);
        }

        private Ran run(Run run) {
            var spending = history.runs.spendings(List.of(run.id())).get(run.id());
            Output output = history.runs.output(run.id());
            return new Ran(run, output, spending == null ? Spending.NONE : spending);
        }

        private static Optional<Long> id(Event event, String name) {
            return event.data().get(name) instanceof Number number && number.longValue() > 0
                    ? Optional.of(number.longValue())
                    : Optional.empty();
        }
    }
}
