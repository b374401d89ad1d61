package carillon.dialect.crewai;

import carillon.action.StepKey;
import carillon.action.Workflow;
import carillon.event.Event;
import carillon.event.EventStore;
import carillon.json.Json;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.task.TaskDefinition;
import carillon.task.TaskVersion;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Tells the sockets of this node what the event log has, whichever node wrote it. A duty of the
/// engine: looks every moment while anybody listens.
final class Broadcast {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(40);
    private static final int BATCH = 1_000;

    /// A handshake is over by then.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final int MAX_STARTED = 10_000;

    private final CrewAiApi.Parts parts;
    private final EventStore events;
    private final Audience audience;
    private long seen = -1;
    private Instant awakened = Instant.MIN;

    /// Executions whose beginning has been told, the newest ones.
    private final Map<Long, Boolean> started =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
                    return size() > MAX_STARTED;
                }
            };

    Broadcast(CrewAiApi.Parts parts, EventStore events, Audience audience) {
        this.parts = parts;
        this.events = events;
        this.audience = audience;
    }

    /// Somebody is about to listen, and is to hear all that happens from now on.
    synchronized void awake(Instant now) {
        awakened = now;
        seen = seen < 0 ? events.newest() : seen;
    }

    /// Returns when it wants to be called again.
    synchronized Instant look(Instant now) {
        if (seen < 0) {
            return now.plus(BETWEEN_LOOKS);
        }
        if (audience.isEmpty() && now.isAfter(awakened.plus(PATIENCE))) {
            seen = -1;
            return now.plus(BETWEEN_LOOKS);
        }
        var batch = events.after(seen, BATCH);
        for (var event : batch) {
            seen = event.id();
            if (event.type().startsWith("run.")
                    && event.data().get("task_id") instanceof Number workflow
                    && event.data().get("run_id") instanceof Number run
                    && audience.caresFor(workflow.longValue())) {
                parts.runs()
                        .find(new RunId(run.longValue()))
                        .ifPresent(found -> tell(event, found));
            }
        }
        return batch.size() < BATCH ? now.plus(BETWEEN_LOOKS) : now;
    }

    private void tell(Event event, Run run) {
        var definition =
                parts.tasks()
                        .version(run.task(), run.version())
                        .map(TaskVersion::definition)
                        .filter(Sheet::fits);
        if (definition.isEmpty()) {
            return;
        }
        run.occasion()
                .step()
                .ifPresentOrElse(
                        key -> tellOfTask(event, run, key, definition.get()),
                        () -> tellOfWorkflow(event, run));
    }

    private void tellOfWorkflow(Event event, Run run) {
        switch (event.type()) {
            case "run.running" -> start(run);
            case "run.succeeded" -> end(run, "workflow_completed", "completed");
            case "run.failed" -> end(run, "workflow_failed", "failed");
            case "run.cancelled" -> end(run, "workflow_failed", "cancelled");
            default -> {}
        }
    }

    /// A short execution leaves no event of its beginning: then its end tells of both.
    private void start(Run run) {
        if (started.putIfAbsent(run.id().value(), true) == null) {
            audience.tellOfWorkflow(run.task().value(), frame("workflow_started", run, "running"));
        }
    }

    private void end(Run run, String type, String status) {
        start(run);
        started.remove(run.id().value());
        var frame = frame(type, run, status);
        if (!status.equals("completed")) {
            frame.put("error", run.progress().reason());
        }
        audience.tellOfWorkflow(run.task().value(), frame);
    }

    private static ObjectNode frame(String type, Run run, String status) {
        return Json.object()
                .put("type", type)
                .put("workflow_id", run.task().value())
                .put("execution_id", run.id().value())
                .put("status", status);
    }

    private void tellOfTask(Event event, Run run, StepKey key, TaskDefinition definition) {
        var status =
                switch (event.type()) {
                    case "run.succeeded" -> Optional.of("completed");
                    case "run.failed" -> Optional.of("failed");
                    default -> Optional.<String>empty();
                };
        var steps = ((Workflow) definition.action()).steps();
        if (status.isEmpty() || key.place() >= steps.size()) {
            return;
        }
        var task = CrewAiApi.number(steps.get(key.place()).name());
        if (task.isEmpty()) {
            return;
        }
        long agent =
                Sheet.of(definition)
                        .find(task.get())
                        .map(own -> own.path("agent_id"))
                        .map(JsonNode::asLong)
                        .orElse(0L);
        var frame =
                Json.object()
                        .put("type", "task_completed")
                        .put("task_id", task.get())
                        .put("execution_id", run.occasion().parent().orElse(run.id()).value())
                        .put("status", status.get())
                        .put("workflow_id", run.task().value());
        audience.tellOfTask(run.task().value(), agent, frame);
    }
}
