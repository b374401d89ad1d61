package carillon.console;

import carillon.agent.TranscriptStore;
import carillon.json.Json;
import carillon.json.JsonException;
import carillon.run.RunId;
import carillon.run.Runs;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What agents said and did in runs, entry by entry.
final class TranscriptRoutes {
    private static final int ROWS = 50;

    /// Of one text among others, in characters; on the page of the transcript each stands whole.
    private static final int MAX_TEXT = 4_000;

    private final Runs runs;
    private final TranscriptStore transcripts;

    TranscriptRoutes(Runs runs, TranscriptStore transcripts) {
        this.runs = runs;
        this.transcripts = transcripts;
    }

    List<Route> routes() {
        return List.of(new Route(Method.GET, "/runs/{id}/transcript", Permission.VIEW, this::read));
    }

    private Answer read(Call call) {
        var id = Inputs.runId(call);
        if (runs.find(id).isEmpty()) {
            throw Inputs.none("run");
        }
        int from =
                call.query("from")
                        .flatMap(Inputs::id)
                        .filter(number -> number <= Integer.MAX_VALUE)
                        .map(Long::intValue)
                        .orElse(0);
        var view = view(transcripts, id, from, Integer.MAX_VALUE);
        return Pages.page(call, "Transcript of run " + id, "transcript.jte", view);
    }

    /// The beginning of the transcript, long texts cut; empty where there is none.
    static Optional<TranscriptView> begin(TranscriptStore transcripts, RunId run) {
        return Optional.of(view(transcripts, run, 0, MAX_TEXT))
                .filter(view -> !view.entries().isEmpty());
    }

    private static TranscriptView view(
            TranscriptStore transcripts, RunId run, int from, int maxText) {
        var found = transcripts.read(run.value(), from, ROWS + 1);
        var entries = new ArrayList<TranscriptView.Entry>();
        for (var body : found.subList(0, Math.min(ROWS, found.size()))) {
            entries.add(entry(from + entries.size() + 1, Json.readObject(body), maxText));
        }
        var more = found.size() > ROWS ? OptionalInt.of(from + ROWS) : OptionalInt.empty();
        return new TranscriptView(run.value(), entries, more);
    }

    private static TranscriptView.Entry entry(int number, JsonNode entry, int maxText) {
        boolean result = entry.path("kind").asText().equals("result");
        boolean good = entry.path("succeeded").asBoolean();
        return new TranscriptView.Entry(
                number,
                Words.time(Instant.parse(entry.path("at").asText())),
                result ? entry.path("tool").asText() : "",
                result ? (good ? "brought" : "failed") : took(entry),
                result ? (good ? "succeeded" : "failed") : "queued",
                cut(entry.path("text").asText(), maxText),
                calls(entry.path("calls"), maxText));
    }

    private static String took(JsonNode answer) {
        var words = new ArrayList<String>();
        if (answer.has("input_tokens")) {
            words.add(
                    "%s tokens in, %s out"
                            .formatted(
                                    Words.number(answer.path("input_tokens").asLong()),
                                    Words.number(answer.path("output_tokens").asLong())));
        }
        if (answer.has("cost_nanodollars")) {
            words.add(Words.money(answer.path("cost_nanodollars").asLong()));
        }
        return String.join(", ", words);
    }

    private static List<TranscriptView.CallRow> calls(JsonNode calls, int maxText) {
        return calls.valueStream()
                .map(
                        call ->
                                new TranscriptView.CallRow(
                                        call.path("name").asText(),
                                        cut(pretty(call.path("arguments").asText()), maxText)))
                .toList();
    }

    /// What a model writes as arguments need not be JSON; then it stands as it came.
    private static String pretty(String arguments) {
        try {
            return Json.read(arguments).toPrettyString();
        } catch (JsonException e) {
            return arguments;
        }
    }

    private static String cut(String text, int maxText) {
        return text.length() <= maxText ? text : text.substring(0, maxText) + "…";
    }
}
