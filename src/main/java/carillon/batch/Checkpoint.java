package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;

/// How far a batch is for certain: the first `rows` rows stand in the first `results` and
/// `failures` bytes of the two files; what was finished after them is in journal number `journal`.
record Checkpoint(long journal, long rows, long results, long failures, Totals totals) {
    Checkpoint {
        requireNonNull(totals, "totals");
    }

    String write() {
        var json = Json.object();
        json.put("journal", journal).put("rows", rows);
        json.put("results", results).put("failures", failures);
        json.put("succeeded", totals.succeeded()).put("failed", totals.failed());
        json.put("inputTokens", totals.inputTokens()).put("outputTokens", totals.outputTokens());
        json.put("costNanodollars", totals.costNanodollars());
        return Json.write(json);
    }

    static Checkpoint read(String text) {
        JsonNode json = Json.readObject(text);
        return new Checkpoint(
                number(json, "journal"),
                number(json, "rows"),
                number(json, "results"),
                number(json, "failures"),
                new Totals(
                        number(json, "succeeded"),
                        number(json, "failed"),
                        number(json, "inputTokens"),
                        number(json, "outputTokens"),
                        number(json, "costNanodollars")));
    }

    private static long number(JsonNode json, String name) {
        return json.path(name).asLong();
    }
}
