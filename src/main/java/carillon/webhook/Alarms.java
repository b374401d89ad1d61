package carillon.webhook;

import carillon.event.Event;
import carillon.webhook.Occurrence.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds in the event log what a person should look at. Each alert has an `alert` (what it is, in a
/// word), a `severity` (`info`, `warning` or `critical`) and a `message`.
final class Alarms {
    private static final String WARNING = "warning";
    private static final String CRITICAL = "critical";
    private static final int ALL_SPENT = 100;
    private static final int MAX_TASKS = 20;

    private Alarms() {}

    /// The alerts of some events that follow on one another. Missed slots come together, so that an
    /// hour of darkness is one alert and not one for each task.
    static List<Occurrence> of(List<Event> events) {
        var alerts = new ArrayList<Occurrence>();
        var missed = new ArrayList<Event>();
        for (var event : events) {
            if (event.type().equals("run.missed")) {
                missed.add(event);
            } else {
                of(event).ifPresent(alerts::add);
            }
        }
        if (!missed.isEmpty()) {
            alerts.add(missed(missed));
        }
        return alerts;
    }

    private static Optional<Occurrence> of(Event event) {
        var reason = String.valueOf(event.data().getOrDefault("reason", ""));
        return switch (event.type()) {
            case "budget.alert" -> Optional.of(budget(event));
            case "run.skipped" ->
                    reason.contains("budget")
                            ? Optional.of(unaffordable(event, reason))
                            : Optional.empty();
            case "run.failed" ->
                    reason.startsWith("quarantined")
                            ? Optional.of(
                                    alert(
                                            event,
                                            "task.quarantined",
                                            CRITICAL,
                                            "a run of task "
                                                    + event.data().get("task_id")
                                                    + " was "
                                                    + reason))
                            : Optional.empty();
            case "webhook.disabled" ->
                    Optional.of(
                            alert(
                                    event,
                                    event.type(),
                                    WARNING,
                                    "webhook "
                                            + event.data().get("webhook_id")
                                            + " was disabled: "
                                            + reason));
            case "disk.low" ->
                    Optional.of(
                            alert(
                                    event,
                                    event.type(),
                                    CRITICAL,
                                    "node "
                                            + event.data().get("node")
                                            + " has little room left on its disk"));
            default -> Optional.empty();
        };
    }

    private static Occurrence budget(Event event) {
        int percent = event.data().get("percent") instanceof Number part ? part.intValue() : 0;
        boolean exhausted = percent >= ALL_SPENT;
        return alert(
                event,
                exhausted ? "budget.exhausted" : "budget.threshold",
                exhausted ? CRITICAL : WARNING,
                "the budget of " + event.data().get("budget") + " is spent to " + percent + " %");
    }

    /// Once a day for each task: it may fire every second.
    private static Occurrence unaffordable(Event event, String reason) {
        var task = event.data().get("task_id");
        var day = event.at().toString().substring(0, 10);
        var alert = alert(event, "budget.exhausted", CRITICAL, "task " + task + ": " + reason);
        return new Occurrence(
                alert.event(),
                alert.at(),
                Optional.of("unaffordable " + task + " " + day),
                alert.facts(),
                alert.subject());
    }

    private static Occurrence missed(List<Event> events) {
        long slots = 0;
        var tasks = new LinkedHashSet<Object>();
        for (var event : events) {
            slots += event.data().get("count") instanceof Number count ? count.longValue() : 1;
            tasks.add(event.data().getOrDefault("task_id", 0));
        }
        var facts = new LinkedHashMap<String, Object>();
        facts.put("slots", slots);
        facts.put("tasks", tasks.size());
        facts.put("task_ids", tasks.stream().limit(MAX_TASKS).toList());
        var message = slots + " fire times of " + tasks.size() + " tasks were missed";
        return alert(events.getLast(), facts, "slots.missed", WARNING, message);
    }

    private static Occurrence alert(Event event, String alert, String severity, String message) {
        return alert(event, event.data(), alert, severity, message);
    }

    private static Occurrence alert(
            Event event, Map<String, Object> facts, String alert, String severity, String message) {
        var all = new LinkedHashMap<String, Object>(facts);
        all.put("alert", alert);
        all.put("severity", severity);
        all.put("message", message);
        return new Occurrence(
                WebhookEvent.SYSTEM_ALERT, event.at(), Optional.empty(), all, Subject.NONE);
    }
}
