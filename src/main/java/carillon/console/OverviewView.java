package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// How the server stands: whether it is held, what runs, what is to come, what has failed, who does
/// the work, and how runs ended in the last hour, as the chart's data.
public record OverviewView(
        boolean held,
        List<Figure> figures,
        String chart,
        List<NextRun> next,
        List<RunRow> troubles,
        List<NodeRow> nodes) {
    public OverviewView {
        figures = List.copyOf(figures);
        requireNonNull(chart, "chart");
        next = List.copyOf(next);
        troubles = List.copyOf(troubles);
        nodes = List.copyOf(nodes);
    }

    /// A number and what it counts. `tone` is the name of a colour in the style sheet.
    public record Figure(String name, String value, String tone) {}

    /// A task and when it runs next.
    public record NextRun(long task, String name, String at, String schedule) {}

    /// One life of a node.
    public record NodeRow(String name, boolean alive, String since) {}
}
