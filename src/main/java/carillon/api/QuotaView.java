package carillon.api;

import carillon.ai.Limits;
import carillon.ai.Model;
import carillon.json.Json;
import carillon.quota.Left;
import carillon.quota.Load;
import carillon.quota.QuotaState;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// A model's quota in native JSON: its limits, what the provider told, and what is used.
final class QuotaView {
    private QuotaView() {}

    /// The built-in model has no state, and is shown as one that nothing is known of.
    static ObjectNode of(Model model, Optional<QuotaState> found, Instant now) {
        var state = found.orElse(QuotaState.UNKNOWN);
        var quota = state.quota();
        var view = Json.object().put("model", model.name());
        put(view.putObject("limits"), quota.said());
        put(view.putObject("learned"), quota.learned());
        var remaining = view.putObject("remaining");
        put(remaining, "requests", quota.requestsLeft(), now);
        put(remaining, "tokens", quota.tokensLeft(), now);
        view.put("paused_until", quota.pausedUntil(now).map(Instant::toString).orElse(null));
        var uses = state.load().uses();
        view.putObject("last_minute")
                .put("requests", uses.stream().mapToLong(Load.Use::requests).sum())
                .put("tokens", uses.stream().mapToLong(Load.Use::tokens).sum());
        return view.put("in_flight", state.load().inFlight()).put("waiting", state.waiting());
    }

    private static void put(ObjectNode out, Limits limits) {
        put(out, "requests_per_minute", limits.requestsPerMinute());
        put(out, "tokens_per_minute", limits.tokensPerMinute());
        put(out, "concurrent", limits.concurrent());
    }

    private static void put(ObjectNode out, String name, OptionalLong limit) {
        limit.ifPresent(max -> out.put(name, max));
    }

    private static void put(ObjectNode out, String name, Left left, Instant now) {
        out.putNull(name);
        if (left.isKnown(now)) {
            out.putObject(name).put("count", left.count()).put("until", left.until().toString());
        }
    }
}
