package carillon.console;

import carillon.cluster.Node;
import carillon.json.Json;
import carillon.run.RunQuery;
import carillon.run.RunState;
import carillon.schedule.Timetable;
import carillon.task.Task;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// The first page.
final class OverviewRoutes {
    private static final int ROWS = 10;
    private static final int MINUTES = 60;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /// The states that the chart shows, in the order in which `console.js` names them.
    private static final List<RunState> CHARTED =
            List.of(RunState.SUCCEEDED, RunState.FAILED, RunState.SKIPPED, RunState.MISSED);

    private final ConsoleApi.Parts parts;
    private final Live live;

    OverviewRoutes(ConsoleApi.Parts parts, Live live) {
        this.parts = parts;
        this.live = live;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, "", Permission.VIEW, this::page),
                new Route(Method.GET, "/live", Permission.VIEW, this::live));
    }

    private Answer page(Call call) {
        return Pages.page(call, "Overview", "overview.jte", view());
    }

    private Answer live(Call call) {
        return live.stream(call, () -> Optional.of(Pages.part("overview-part.jte", view())));
    }

    private OverviewView view() {
        var now = parts.time().instant();
        var ends = ends(now);
        var next = parts.tasks().nextToRun(Optional.empty(), ROWS);
        var troubled = Set.of(RunState.FAILED, RunState.MISSED);
        var troubles =
                parts.runs()
                        .list(
                                new RunQuery(
                                        Optional.empty(), troubled, OptionalLong.empty(), 0, ROWS));
        var nodes = parts.nodes().nodes();
        return new OverviewView(
                parts.nodes().isHeld(),
                figures(ends, nodes),
                chart(ends, now),
                next.stream().map(OverviewRoutes::row).toList(),
                RunRows.of(troubles, parts.tasks()),
                nodes.stream().map(node -> row(node)).toList());
    }

    private Map<Instant, Map<RunState, Long>> ends(Instant now) {
        var to = now.truncatedTo(ChronoUnit.MINUTES).plus(MINUTE);
        return parts.tallies().between(to.minus(MINUTE.multipliedBy(MINUTES)), to, MINUTE);
    }

    private List<OverviewView.Figure> figures(
            Map<Instant, Map<RunState, Long>> ends, List<Node> nodes) {
        var total = new EnumMap<RunState, Long>(RunState.class);
        ends.values()
                .forEach(
                        each ->
                                each.forEach(
                                        (state, count) -> total.merge(state, count, Long::sum)));
        long alive = nodes.stream().filter(node -> node.alive()).count();
        return List.of(
                figure("running now", parts.runs().running(), "running"),
                figure("succeeded in the last hour", count(total, RunState.SUCCEEDED), "succeeded"),
                figure("failed in the last hour", count(total, RunState.FAILED), "failed"),
                figure("skipped in the last hour", count(total, RunState.SKIPPED), "skipped"),
                figure("missed in the last hour", count(total, RunState.MISSED), "missed"),
                figure(alive == 1 ? "node at work" : "nodes at work", alive, "node"));
    }

    private static long count(Map<RunState, Long> total, RunState state) {
        return total.getOrDefault(state, 0L);
    }

    private static OverviewView.Figure figure(String name, long value, String tone) {
        return new OverviewView.Figure(name, Words.number(value), value == 0 ? "none" : tone);
    }

    /// Columns: the minutes, in seconds since 1970, and the ends in each.
    private static String chart(Map<Instant, Map<RunState, Long>> ends, Instant now) {
        var begin = now.truncatedTo(ChronoUnit.MINUTES).minus(MINUTE.multipliedBy(MINUTES - 1));
        var columns = Json.array();
        var minutes = columns.addArray();
        for (int i = 0; i < MINUTES; i++) {
            minutes.add(begin.plus(MINUTE.multipliedBy(i)).getEpochSecond());
        }
        for (var state : CHARTED) {
            var column = columns.addArray();
            for (int i = 0; i < MINUTES; i++) {
                var counts = ends.getOrDefault(begin.plus(MINUTE.multipliedBy(i)), Map.of());
                column.add(count(counts, state));
            }
        }
        return columns.toString();
    }

    private static OverviewView.NextRun row(Task task) {
        var definition = task.definition();
        return new OverviewView.NextRun(
                task.id().value(),
                definition.name(),
                Words.time(task.nextRun()),
                definition.timetable().map(Timetable::schedule).map(s -> s.describe()).orElse(""));
    }

    private static OverviewView.NodeRow row(Node node) {
        return new OverviewView.NodeRow(
                node.holder().toString(), node.alive(), Words.time(node.startedAt()));
    }
}
