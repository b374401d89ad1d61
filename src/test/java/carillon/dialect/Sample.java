package carillon.dialect;

import carillon.json.Json;
import carillon.json.Problems;
import carillon.json.ReadContext;
import carillon.json.TaskJson;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// Definitions as the native API would make them.
public final class Sample {
    public static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private Sample() {}

    /// A whole definition in native JSON.
    public static TaskDefinition of(String json) {
        var problems = new Problems();
        var context = ReadContext.sent(new TaskId(7), NOON, ZoneOffset.UTC);
        return TaskJson.read(Json.read(json), context, problems)
                .orElseThrow(() -> new AssertionError(problems));
    }

    /// A task that calls a URL. `schedule` is native JSON, or `null`.
    public static TaskDefinition task(String schedule, String method) {
        return of(
                """
                {"name": "sample", "schedule": %s,
                 "action": {"http": {"url": "https://a.example/x", "method": "%s"}}}
                """
                        .formatted(schedule, method));
    }

    public static TaskDefinition idle() {
        return of(
                """
                {"name": "idle", "schedule": {"every": "1h"}, "action": {"nothing": {}}}
                """);
    }

    /// The first fire times from noon of 2026-01-01 on.
    public static List<Instant> fireTimes(TaskDefinition definition, int count) {
        var times = new ArrayList<Instant>();
        var next = definition.timetable().orElseThrow().next(NOON);
        while (next.isPresent() && times.size() < count) {
            times.add(next.get().at());
            next = definition.timetable().orElseThrow().next(next.get().at());
        }
        return times;
    }
}
