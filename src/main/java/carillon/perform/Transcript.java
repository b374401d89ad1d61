package carillon.perform;

import carillon.action.ToolRound;
import carillon.agent.TranscriptStore;
import carillon.ai.Reply;
import carillon.ai.Spending;
import carillon.ai.Tokens;
import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What an agent and its model have said in one run, on disk entry by entry: `answer` is the
/// model's, `result` a tool's. An attempt that begins anew reads it, and asks nothing twice.
final class Transcript {
    private final TranscriptStore store;
    private final long run;
    private final List<ToolRound> rounds = new ArrayList<>();
    private final List<ToolRound.Call> open = new ArrayList<>();
    private final List<String> results = new ArrayList<>();
    private Optional<Instant> began = Optional.empty();
    private String said = "";
    private Optional<String> last = Optional.empty();
    private Spending spending = Spending.NONE;
    private int entries;
    private int answers;

    private Transcript(TranscriptStore store, long run) {
        this.store = store;
        this.run = run;
    }

    static Transcript of(TranscriptStore store, long run) {
        var transcript = new Transcript(store, run);
        for (var entry : store.read(run)) {
            transcript.take(Json.readObject(entry));
        }
        return transcript;
    }

    private void take(JsonNode entry) {
        entries++;
        began = began.or(() -> Optional.of(Instant.parse(entry.path("at").asText())));
        if (entry.path("kind").asText().equals("result")) {
            result(entry.path("text").asText());
            return;
        }
        var calls =
                entry.path("calls")
                        .valueStream()
                        .map(
                                call ->
                                        new ToolRound.Call(
                                                call.path("id").asText(),
                                                call.path("name").asText(),
                                                call.path("arguments").asText()))
                        .toList();
        var tokens =
                entry.has("input_tokens")
                        ? Optional.of(
                                new Tokens(
                                        entry.path("input_tokens").asLong(),
                                        entry.path("output_tokens").asLong()))
                        : Optional.<Tokens>empty();
        var cost =
                entry.has("cost_nanodollars")
                        ? OptionalLong.of(entry.path("cost_nanodollars").asLong())
                        : OptionalLong.empty();
        answer(entry.path("text").asText(), calls, new Spending(tokens, cost));
    }

    private void answer(String text, List<ToolRound.Call> calls, Spending took) {
        answers++;
        spending = spending.plus(took);
        if (calls.isEmpty()) {
            last = Optional.of(text);
            return;
        }
        said = text;
        open.addAll(calls);
    }

    private void result(String text) {
        results.add(text);
        if (results.size() == open.size()) {
            rounds.add(new ToolRound(said, open, results));
            open.clear();
            results.clear();
        }
    }

    /// The model has answered.
    void add(Reply.Answer answer, Spending took, Instant now) {
        var entry = Json.object().put("kind", "answer").put("at", now.toString());
        entry.put("text", answer.text());
        var calls = entry.putArray("calls");
        answer.calls()
                .forEach(
                        call ->
                                calls.addObject()
                                        .put("id", call.id())
                                        .put("name", call.name())
                                        .put("arguments", call.arguments()));
        took.tokens()
                .ifPresent(
                        tokens ->
                                entry.put("input_tokens", tokens.input())
                                        .put("output_tokens", tokens.output()));
        took.costNanodollars().ifPresent(cost -> entry.put("cost_nanodollars", cost));
        store.add(run, entries, Json.write(entry));
        take(entry);
    }

    /// The next call that is open has this result.
    void add(ToolRound.Call call, Toolbox.Result result, Instant now) {
        var entry = Json.object().put("kind", "result").put("at", now.toString());
        entry.put("tool", call.name()).put("succeeded", result.succeeded());
        entry.put("text", result.text());
        store.add(run, entries, Json.write(entry));
        take(entry);
    }

    /// The next call that has no result yet.
    Optional<ToolRound.Call> nextCall() {
        return results.size() < open.size()
                ? Optional.of(open.get(results.size()))
                : Optional.empty();
    }

    /// How many calls the answer had that is being heeded.
    int callsInRound() {
        return open.size();
    }

    List<ToolRound> rounds() {
        return List.copyOf(rounds);
    }

    /// The answer that asks for no tool, when it has been given.
    Optional<String> last() {
        return last;
    }

    int answers() {
        return answers;
    }

    Spending spending() {
        return spending;
    }

    Instant began(Instant now) {
        return began.orElse(now);
    }
}
