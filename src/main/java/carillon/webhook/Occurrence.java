package carillon.webhook;

import static java.util.Objects.requireNonNull;

import carillon.ai.Spending;
import carillon.oneshot.ClientName;
import carillon.run.Output;
import carillon.run.Run;
import carillon.task.Task;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Something that subscriptions are told of: `facts` are what the log says, JSON values by their
/// names in snake case; the subject is what is still known of the task and the run that it is
/// about. See [WebhookStore.Message] for `once`.
public record Occurrence(
        WebhookEvent event,
        Instant at,
        Optional<String> once,
        Map<String, Object> facts,
        Subject subject) {
    /// What an occurrence is about, as far as it is known. `name` is what a client calls the task.
    public record Subject(Optional<Task> task, Optional<ClientName> name, Optional<Ran> run) {
        public static final Subject NONE =
                new Subject(Optional.empty(), Optional.empty(), Optional.empty());

        public Subject {
            requireNonNull(task, "task");
            requireNonNull(name, "name");
            requireNonNull(run, "run");
        }
    }

    /// A run with what it has brought so far.
    public record Ran(Run run, Output output, Spending spending) {
        public Ran {
            requireNonNull(run, "run");
            requireNonNull(output, "output");
            requireNonNull(spending, "spending");
        }
    }

    public Occurrence {
        requireNonNull(event, "event");
        requireNonNull(at, "at");
        requireNonNull(once, "once");
        facts = Map.copyOf(facts);
        requireNonNull(subject, "subject");
    }

    /// The id of the task that it is about, or 0.
    public long task() {
        return facts.get("task_id") instanceof Number id ? id.longValue() : 0;
    }
}
