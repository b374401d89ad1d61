package carillon.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Prints results as tables: `Table RESULTS`.
public final class Table {
    private static final String US = "carillon";
    private static final Map<String, Double> AIMS =
            Map.of("db-scheduler", 3.0, "jobrunr", 5.0, "quartz", 100.0);

    private Table() {}

    public static void main(String[] arguments) throws IOException {
        var rates = new TreeMap<Integer, Map<String, List<Double>>>(); // By how many nodes.
        var settings = new TreeMap<String, String>();
        var late = new ArrayList<JsonNode>();
        for (var line : Files.readAllLines(Path.of(arguments[0]))) {
            var result = new ObjectMapper().readTree(line);
            var name = result.path("name").asText(US);
            if (result.has("settings")) {
                settings.put(name, result.path("settings").asText());
            }
            if (result.path("bench").asText().equals("fire")) {
                rates.computeIfAbsent(result.findPath("nodes").asInt(1), _ -> new LinkedHashMap<>())
                        .computeIfAbsent(name, _ -> new ArrayList<>())
                        .add(result.path("rate").asDouble());
            } else {
                late.add(result);
            }
        }
        rates.forEach(Table::fires);
        late(late);
        System.out.println();
        settings.forEach((name, text) -> System.out.println(name + ": " + text));
    }

    private static void fires(int nodes, Map<String, List<Double>> rates) {
        double ours = median(rates.getOrDefault(US, List.of(0.0)));
        System.out.printf(
                "%-14s %10s %24s %10s %6s%n",
                nodes == 1 ? "1 NODE" : nodes + " NODES", "FIRES/S", "FROM - TO", "RATIO", "AIM");
        rates.forEach(
                (name, all) ->
                        System.out.printf(
                                "%-14s %,10.0f %,11.0f - %,10.0f %10s %6s%n",
                                name,
                                median(all),
                                all.stream().min(Double::compare).orElseThrow(),
                                all.stream().max(Double::compare).orElseThrow(),
                                name.equals(US) ? "" : "%.1f".formatted(ours / median(all)),
                                AIMS.containsKey(name) ? "%.0f".formatted(AIMS.get(name)) : ""));
        System.out.println();
    }

    private static double median(List<Double> all) {
        var sorted = all.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static void late(List<JsonNode> results) {
        System.out.printf(
                "%-14s %8s %8s %8s %8s %8s%n", "LATE, MS", "RATE", "P50", "P99", "P99.9", "MAX");
        for (var result : results) {
            System.out.printf(
                    "%-14s %8s %8s %8s %8s %8s%n",
                    result.path("name").asText(US),
                    "%.0f".formatted(result.path("rate").asDouble()),
                    figure(result, "p50_ms"),
                    figure(result, "p99_ms"),
                    figure(result, "p999_ms"),
                    figure(result, "max_ms"));
        }
    }

    private static String figure(JsonNode result, String name) {
        var found = result.findPath(name);
        return found.isNumber() ? "%.1f".formatted(found.asDouble()) : "-";
    }
}
