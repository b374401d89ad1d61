package carillon.graph;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.elk.alg.layered.options.LayeredMetaDataProvider;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.core.RecursiveGraphLayoutEngine;
import org.eclipse.elk.core.data.LayoutMetaDataService;
import org.eclipse.elk.core.options.CoreOptions;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/// Where the parts of a graph are in its picture, from left to right, in pixels.
record GraphLayout(double width, double height, List<Box> boxes, List<Line> lines) {
    static final double NODE_HEIGHT = 44;
    private static final double MIN_WIDTH = 96;
    private static final double CHARACTER = 7.4;
    private static final double PADDING = 28;

    static {
        LayoutMetaDataService.getInstance()
                .registerLayoutMetaDataProviders(new LayeredMetaDataProvider());
    }

    /// A node's place; `at` is the node's in the graph.
    record Box(int at, double x, double y, double width) {}

    record Point(double x, double y) {}

    record Line(List<Point> points) {
        Line {
            points = List.copyOf(points);
        }
    }

    GraphLayout {
        boxes = List.copyOf(boxes);
        lines = List.copyOf(lines);
    }

    static GraphLayout of(Graph graph) {
        var root = ElkGraphUtil.createGraph();
        root.setProperty(CoreOptions.ALGORITHM, LayeredOptions.ALGORITHM_ID);
        root.setProperty(CoreOptions.DIRECTION, Direction.RIGHT);
        root.setProperty(CoreOptions.EDGE_ROUTING, EdgeRouting.ORTHOGONAL);
        var nodes = new ArrayList<ElkNode>();
        for (var node : graph.nodes()) {
            var box = ElkGraphUtil.createNode(root);
            box.setDimensions(width(node), NODE_HEIGHT);
            nodes.add(box);
        }
        var edges = new ArrayList<ElkEdge>();
        for (var edge : graph.edges()) {
            edges.add(ElkGraphUtil.createSimpleEdge(nodes.get(edge.from()), nodes.get(edge.to())));
        }
        new RecursiveGraphLayoutEngine().layout(root, new BasicProgressMonitor());
        var boxes = new ArrayList<Box>();
        for (int i = 0; i < nodes.size(); i++) {
            var node = nodes.get(i);
            boxes.add(new Box(i, node.getX(), node.getY(), node.getWidth()));
        }
        var lines =
                edges.stream().flatMap(edge -> edge.getSections().stream()).map(GraphLayout::line);
        return new GraphLayout(root.getWidth(), root.getHeight(), boxes, lines.toList());
    }

    private static double width(Graph.Node node) {
        return Math.max(MIN_WIDTH, GraphSvg.shown(node.name()).length() * CHARACTER + PADDING);
    }

    private static Line line(ElkEdgeSection section) {
        var points = new ArrayList<Point>();
        points.add(new Point(section.getStartX(), section.getStartY()));
        section.getBendPoints().forEach(bend -> points.add(new Point(bend.getX(), bend.getY())));
        points.add(new Point(section.getEndX(), section.getEndY()));
        return new Line(points);
    }
}
