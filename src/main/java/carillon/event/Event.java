package carillon.event;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;

/// Something that happened: `run.queued`, `run.running`, `run.succeeded`, `run.failed`,
/// `run.retrying`, `run.cancelled`, `run.skipped`, `run.missed`, `task.created`, `task.updated`,
/// `task.paused`, `task.resumed`, `task.deleted`, `delivery.delivered`, `delivery.retrying`,
/// `delivery.failed`, … `id` grows; `data` holds JSON values (strings, numbers, booleans) such as
/// `task_id`, `run_id`, `state`, `reason`.
public record Event(long id, String type, Instant at, Map<String, Object> data) {
    public Event {
        requireNonNull(type, "type");
        requireNonNull(at, "at");
        data = Map.copyOf(data);
    }
}
