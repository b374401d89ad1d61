package carillon.bench;

import static java.util.Objects.requireNonNull;

import carillon.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// One line of a bench. `rate` is what Carillon did a second, `baseline` what the thing beside it
/// did a second; `more` holds the figures that only this bench has, in units that their names tell.
public record Result(
        String bench, String database, Spread rate, Spread baseline, Map<String, Object> more) {
    public Result {
        requireNonNull(bench, "bench");
        requireNonNull(database, "database");
        requireNonNull(rate, "rate");
        requireNonNull(baseline, "baseline");
        more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
    }

    /// How many times as much as the baseline.
    public double ratio() {
        return rate.median() / baseline.median();
    }

    public static final String HEADING =
            "%-8s %-11s %12s %12s %6s  %s"
                    .formatted("BENCH", "DATABASE", "RATE/S", "BASELINE/S", "RATIO", "FIGURES");

    public String line() {
        var figures =
                more.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + text(entry.getValue()))
                        .collect(Collectors.joining(", "));
        return "%-8s %-11s %12s %12s %6.2f  %s"
                .formatted(
                        bench,
                        database,
                        text(rate.median()),
                        text(baseline.median()),
                        ratio(),
                        figures);
    }

    private static String text(Object value) {
        return value instanceof Double number
                ? String.format(Locale.ROOT, number < 100 ? "%,.2f" : "%,.0f", number)
                : String.valueOf(value);
    }

    public String json() {
        var json = Json.object();
        json.put("bench", bench).put("database", database);
        json.put("rate", rounded(rate.median()));
        json.put("baseline", rounded(baseline.median()));
        json.put("ratio", rounded(ratio()));
        put(json, "rate", rate);
        put(json, "baseline", baseline);
        more.forEach((name, value) -> json.putPOJO(name, value));
        return Json.write(json);
    }

    private static void put(ObjectNode json, String name, Spread spread) {
        json.put(name + "_min", rounded(spread.min())).put(name + "_max", rounded(spread.max()));
        json.put("rounds", spread.values().size());
    }

    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
