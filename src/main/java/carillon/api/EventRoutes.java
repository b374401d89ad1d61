package carillon.api;

import carillon.event.Event;
import carillon.event.EventStore;
import carillon.event.EventTail;
import carillon.task.TaskId;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Feed;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// `/events`: what happens, as it happens, as server-sent events. Each has the id that
/// `Last-Event-ID` resumes after; without one, a stream begins with what happens next.
final class EventRoutes {
    private static final int BATCH = 500;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final EventStore events;
    private final EventTail tail;
    private final InstantSource time;

    EventRoutes(EventStore events, InstantSource time) {
        this.events = events;
        this.tail = new EventTail(events, time);
        this.time = time;
    }

    List<Route> routes() {
        return List.of(new Route(Method.GET, "/api/v1/events", Permission.VIEW, this::open));
    }

    /// Which events a stream shows: those whose type begins with one of `types` (all, when there
    /// are none), of one task if given.
    private record Filter(List<String> types, Optional<TaskId> task) {
        boolean shows(Event event) {
            boolean typed = types.isEmpty() || types.stream().anyMatch(event.type()::startsWith);
            return typed && task.stream().allMatch(id -> isOf(event, id));
        }

        private static boolean isOf(Event event, TaskId id) {
            return event.data().get("task_id") instanceof Number number
                    && number.longValue() == id.value();
        }
    }

    private Answer open(Call call) {
        var types =
                call.query("types").stream()
                        .flatMap(text -> Stream.of(text.split(",", -1)))
                        .map(String::strip)
                        .filter(type -> !type.isEmpty())
                        .toList();
        var filter = new Filter(types, Parameters.taskIdQuery(call, "task_id"));
        long from = lastSeen(call).orElseGet(events::newest);
        return Answer.stream(sink -> follow(sink, filter, from));
    }

    private static Optional<Long> lastSeen(Call call) {
        return call.header("Last-Event-ID")
                .or(() -> call.query("last_event_id"))
                .map(EventRoutes::eventId);
    }

    private static long eventId(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw Refused.invalid("Last-Event-ID", "must be the id of an event");
        }
        return Long.parseLong(text);
    }

    private void follow(Feed.Sink sink, Filter filter, long from) throws InterruptedException {
        long seen = from;
        boolean open = sink.comment("Carillon's events");
        var heard = time.instant();
        while (open) {
            var batch = events.after(seen, BATCH);
            for (var event : batch) {
                seen = event.id();
                if (open && filter.shows(event)) {
                    open = sink.event(Long.toString(event.id()), event.type(), view(event));
                    heard = time.instant();
                }
            }
            if (open && !time.instant().isBefore(heard.plus(HEARTBEAT))) {
                open = sink.comment("still here");
                heard = time.instant();
            }
            if (open && batch.isEmpty()) {
                tail.await(seen, HEARTBEAT);
            }
        }
    }

    private static Map<String, Object> view(Event event) {
        var view = new LinkedHashMap<String, Object>();
        view.put("id", event.id());
        view.put("type", event.type());
        view.put("at", event.at());
        view.put("data", event.data());
        return view;
    }
}
