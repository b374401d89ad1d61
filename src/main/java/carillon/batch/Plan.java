package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.json.Json;
import java.time.Instant;

/// What was begun, kept so that a resumed batch is the same batch: which bytes the input had, what
/// the rows were to say, how many there are, when it began, and who it is of.
record Plan(String fingerprint, BatchOrder.Saying saying, long rows, Instant began, String owner) {
    Plan {
        requireNonNull(fingerprint, "fingerprint");
        requireNonNull(saying, "saying");
        requireNonNull(began, "began");
        requireNonNull(owner, "owner");
    }

    String write() {
        var json = Json.object();
        json.put("fingerprint", fingerprint);
        json.put("rows", rows);
        json.put("began", began.toString());
        json.put("owner", owner);
        saying.model().ifPresent(model -> json.put("model", model));
        saying.template().ifPresent(template -> json.put("template", template));
        json.put("dryRun", saying.dryRun());
        json.put("skipBadRows", saying.skipBadRows());
        json.put("scope", saying.scope().name());
        return Json.write(json);
    }

    static Plan read(String text) {
        var json = Json.readObject(text);
        var saying =
                new BatchOrder.Saying(
                        json.path("model").asOptional().map(node -> node.asText()),
                        json.path("template").asOptional().map(node -> node.asText()),
                        json.path("dryRun").asBoolean(),
                        json.path("skipBadRows").asBoolean(),
                        BatchOrder.Scope.valueOf(json.path("scope").asText()));
        return new Plan(
                json.path("fingerprint").asText(),
                saying,
                json.path("rows").asLong(),
                Instant.parse(json.path("began").asText()),
                json.path("owner").asText());
    }
}
