package carillon.graph;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// Nodes, by their places in the list, and what leads from one to another. There is no cycle.
public record Graph(List<Node> nodes, List<Edge> edges) {
    /// As many nodes as can be looked at in a picture.
    public static final int MAX_NODES = 500;

    /// `kind` is what it does; `state`, a word in lower case, how it stands, empty where that is
    /// not told.
    public record Node(String name, String kind, String state) {
        public Node {
            requireNonNull(name, "name");
            requireNonNull(kind, "kind");
            requireNonNull(state, "state");
        }
    }

    public record Edge(int from, int to) {}

    public Graph {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }
}
