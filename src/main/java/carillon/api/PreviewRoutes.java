package carillon.api;

import carillon.json.Fields;
import carillon.json.Json;
import carillon.json.Problems;
import carillon.json.ReadContext;
import carillon.json.ScheduleJson;
import carillon.schedule.FireTime;
import carillon.schedule.Timetable;
import carillon.task.TaskId;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `/schedules/preview`: what a schedule would do, before there is a task.
final class PreviewRoutes {
    private static final int DEFAULT_COUNT = 10;
    private static final int MAX_COUNT = 1_000;
    private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xxx");

    /// Stands for the task that does not exist yet, where a schedule spreads by task.
    private static final TaskId NO_TASK = new TaskId(1);

    private final ZoneId zone;
    private final InstantSource time;

    PreviewRoutes(ZoneId zone, InstantSource time) {
        this.zone = zone;
        this.time = time;
    }

    List<Route> routes() {
        return List.of(
                new Route(
                        Method.POST, "/api/v1/schedules/preview", Permission.VIEW, this::preview));
    }

    private record Wanted(Timetable timetable, Instant from, int count) {}

    private Answer preview(Call call) {
        var wanted = read(call);
        var data = Json.array();
        var rule = wanted.timetable().schedule();
        for (var fireTime : fireTimes(wanted)) {
            data.add(view(fireTime, rule.zone()));
        }
        var body = Json.object();
        body.set("data", data);
        return Answer.ok(body.put("description", rule.describe()));
    }

    private Wanted read(Call call) {
        var problems = new Problems();
        var now = time.instant();
        var fields = Fields.of(call.json(), "", problems);
        var timetable = fields.flatMap(body -> timetable(body, now));
        var from = fields.flatMap(body -> body.instant("from")).orElse(now);
        int count =
                fields.map(body -> body.integer("count", 1, MAX_COUNT).orElse(DEFAULT_COUNT))
                        .orElse(DEFAULT_COUNT);
        fields.ifPresent(Fields::done);
        if (timetable.isEmpty() || !problems.isEmpty()) {
            throw Refused.of(problems);
        }
        return new Wanted(timetable.get(), from, count);
    }

    private Optional<Timetable> timetable(Fields body, Instant now) {
        if (!body.has("schedule")) {
            body.problem("schedule", "is required");
        }
        return ScheduleJson.read(body, ReadContext.sent(NO_TASK, now, zone));
    }

    /// The fire times from `from` on, that one included, up to those that the schedule's bounds
    /// allow.
    private static List<FireTime> fireTimes(Wanted wanted) {
        var found = new ArrayList<FireTime>();
        long runs = 0;
        long maxRuns = wanted.timetable().maxRuns().orElse(Long.MAX_VALUE);
        var next = wanted.timetable().next(wanted.from().minusMillis(1));
        while (next.isPresent() && found.size() < wanted.count() && runs < maxRuns) {
            found.add(next.get());
            runs += next.get().runs() ? 1 : 0;
            next = wanted.timetable().next(next.get().at());
        }
        return found;
    }

    private static ObjectNode view(FireTime fireTime, ZoneId zone) {
        var local = fireTime.at().atZone(zone);
        var view =
                Json.object()
                        .put("instant", fireTime.at().toString())
                        .put("local", DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(local))
                        .put("offset", OFFSET.format(local));
        view.put(
                "dst",
                switch (fireTime.mark()) {
                    case NONE -> null;
                    case GAP -> "gap";
                    case OVERLAP -> "overlap";
                });
        return view.put("runs", fireTime.runs());
    }
}
