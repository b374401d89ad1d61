package carillon.web;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The routes that one listener serves. What is not in the table does not exist. A literal wins
/// over a parameter in the same place.
final class RouteTable {
    /// A row: a route, where it is served, and whose it is.
    record Row(Api api, Route route, String path) {}

    sealed interface Match {
        record Found(Row row, Map<String, String> parameters) implements Match {
            public Found {
                parameters = Map.copyOf(parameters);
            }
        }

        /// The path exists, for these methods.
        record OtherMethods(Collection<Route.Method> allowed) implements Match {}

        record Unknown() implements Match {}
    }

    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();
        final Map<Route.Method, Row> rows = new EnumMap<>(Route.Method.class);
        Optional<Node> parameter = Optional.empty();
    }

    private record Mount(String prefix, Api api) {}

    private final Node root = new Node();
    private final List<Mount> mounts = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();

    /// All APIs, each under its prefix. Throws [IllegalStateException] when two routes, or two
    /// prefixes, are the same.
    static RouteTable of(List<Api> apis) {
        var table = new RouteTable();
        apis.forEach(api -> table.mount(api.prefix(), api));
        return table;
    }

    /// One API at the root.
    static RouteTable atRoot(Api api) {
        var table = new RouteTable();
        table.mount("", api);
        return table;
    }

    private void mount(String prefix, Api api) {
        if (!prefix.matches("(/[A-Za-z0-9._-]+)*")) {
            throw new IllegalStateException("not a prefix: \"" + prefix + "\" of " + api.name());
        }
        if (mounts.stream().anyMatch(mount -> mount.prefix.equals(prefix))) {
            throw new IllegalStateException("two APIs have the prefix \"" + prefix + "\"");
        }
        mounts.add(new Mount(prefix, api));
        mounts.sort(Comparator.comparingInt((Mount mount) -> mount.prefix.length()).reversed());
        api.routes().forEach(route -> add(new Row(api, route, prefix + route.path())));
    }

    private void add(Row row) {
        var node = root;
        for (var part : parts(row.path)) {
            node = isParameter(part) ? parameterOf(node) : literalOf(node, part);
        }
        var before = node.rows.putIfAbsent(row.route.method(), row);
        if (before != null) {
            throw new IllegalStateException(
                    "two routes collide: %s %s of %s and %s of %s"
                            .formatted(
                                    row.route.method(),
                                    before.path,
                                    before.api.name(),
                                    row.path,
                                    row.api.name()));
        }
        rows.add(row);
    }

    private static Node literalOf(Node node, String part) {
        return node.literals.computeIfAbsent(part, _ -> new Node());
    }

    private static Node parameterOf(Node node) {
        if (node.parameter.isEmpty()) {
            node.parameter = Optional.of(new Node());
        }
        return node.parameter.get();
    }

    private static List<String> parts(String path) {
        return path.isEmpty() || path.equals("/")
                ? List.of()
                : List.of(path.substring(1).split("/", -1));
    }

    private static boolean isParameter(String part) {
        return part.startsWith("{") && part.endsWith("}");
    }

    Match match(Optional<Route.Method> method, RequestPath path) {
        var node = find(root, path.segments());
        if (node.isEmpty()) {
            return new Match.Unknown();
        }
        var row = method.map(node.get().rows::get);
        return row.<Match>map(found -> new Match.Found(found, parameters(found, path)))
                .orElseGet(() -> new Match.OtherMethods(node.get().rows.keySet()));
    }

    private static Optional<Node> find(Node node, List<RequestPath.Segment> rest) {
        if (rest.isEmpty()) {
            return node.rows.isEmpty() ? Optional.empty() : Optional.of(node);
        }
        var tail = rest.subList(1, rest.size());
        return Optional.ofNullable(node.literals.get(rest.getFirst().raw()))
                .flatMap(next -> find(next, tail))
                .or(() -> node.parameter.flatMap(next -> find(next, tail)));
    }

    private static Map<String, String> parameters(Row row, RequestPath path) {
        var parameters = new HashMap<String, String>();
        var parts = parts(row.path);
        for (int i = 0; i < parts.size(); i++) {
            var part = parts.get(i);
            if (isParameter(part)) {
                var name = part.substring(1, part.length() - 1);
                parameters.put(name, path.segments().get(i).decoded());
            }
        }
        return parameters;
    }

    /// The API in whose shape a request for this raw path is refused; empty when it is under no
    /// prefix.
    Optional<Api> ownerOf(String rawPath) {
        return mounts.stream()
                .filter(mount -> isUnder(rawPath, mount.prefix))
                .map(Mount::api)
                .findFirst();
    }

    private static boolean isUnder(String path, String prefix) {
        return path.startsWith(prefix)
                && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    /// All rows, in the order in which they were declared.
    List<Row> rows() {
        return List.copyOf(rows);
    }
}
