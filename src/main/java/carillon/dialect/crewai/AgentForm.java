package carillon.dialect.crewai;

import carillon.agent.Agent;
import carillon.agent.StoredAgent;
import carillon.json.AgentJson;
import carillon.json.Fields;
import carillon.json.Json;
import carillon.json.Problems;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/// An agent in the words of this API, read and written.
final class AgentForm {
    private static final String MODEL = "llama-4-maverick-17b-128e-instruct";
    private static final int MAX_TOKENS = 32_768;

    private AgentForm() {}

    static ObjectNode write(StoredAgent stored) {
        var agent = stored.agent();
        var out = Json.object().put("id", stored.id()).put("name", agent.name());
        out.put("role", agent.persona().role()).put("goal", agent.persona().goal());
        var backstory = agent.persona().backstory();
        out.put("backstory", backstory.isEmpty() ? null : backstory);
        out.put("model", agent.model());
        put(out, "temperature", agent.sampling().temperature());
        var tokens = agent.sampling().maxTokens();
        out.put("max_tokens", tokens.isPresent() ? tokens.getAsInt() : null);
        put(out, "top_p", agent.sampling().topP());
        out.put("is_active", agent.active());
        out.put("created_at", Times.write(stored.createdAt()));
        out.put("updated_at", Times.write(stored.updatedAt()));
        out.putNull("created_by").putNull("config");
        agent.config().ifPresent(config -> out.set("config", Json.read(config)));
        var capabilities = out.putArray("capabilities");
        agent.skills().capabilities().forEach(capabilities::add);
        var tools = out.putArray("tools");
        agent.skills().tools().forEach(tools::add);
        return out;
    }

    /// Numbers are texts here.
    private static void put(ObjectNode out, String name, OptionalDouble number) {
        if (number.isPresent()) {
            out.put(name, BigDecimal.valueOf(number.getAsDouble()).toPlainString());
        } else {
            out.putNull(name);
        }
    }

    /// What was sent, over the agent that it changes, if it changes one. Throws
    /// [carillon.web.RefusedException].
    static Agent read(JsonNode sent, Optional<StoredAgent> before) {
        var whole = before.map(AgentForm::write).orElseGet(AgentForm::preset);
        if (sent instanceof ObjectNode fields) {
            whole.setAll(fields);
        }
        var problems = new Problems();
        var own = Json.object();
        Fields.of(sent instanceof ObjectNode ? whole : sent, "", problems)
                .ifPresent(fields -> translate(fields, whole, own));
        before.ifPresent(
                stored -> own.set("limits", AgentJson.write(stored.agent()).get("limits")));
        var read =
                problems.isEmpty()
                        ? AgentJson.read(own, Set.of(), problems)
                        : Optional.<Agent>empty();
        Failures.refuse(problems, name -> name.equals("active") ? "is_active" : name);
        return read.orElseThrow();
    }

    private static ObjectNode preset() {
        return Json.object()
                .put("model", MODEL)
                .put("temperature", "0.6")
                .put("max_tokens", MAX_TOKENS)
                .put("top_p", "0.9")
                .put("is_active", true);
    }

    private static void translate(Fields fields, ObjectNode whole, ObjectNode own) {
        for (var name : new String[] {"name", "role", "goal", "backstory", "model"}) {
            own.set(name, whole.get(name));
        }
        own.set("capabilities", whole.get("capabilities"));
        own.set("tools", whole.get("tools"));
        own.set("config", whole.get("config"));
        number(fields, "temperature", own);
        number(fields, "top_p", own);
        fields.integer("max_tokens", 1, MAX_TOKENS)
                .ifPresent(tokens -> own.put("max_tokens", tokens));
        fields.bool("is_active").ifPresent(active -> own.put("active", active));
    }

    /// A number, as such or as a text.
    private static void number(Fields fields, String name, ObjectNode own) {
        var sent = fields.raw(name);
        if (sent.isEmpty()) {
            return;
        }
        try {
            own.put(name, new BigDecimal(sent.get().asText()));
        } catch (NumberFormatException _) {
            fields.problem(name, "must be a number, as a string such as \"0.6\"");
        }
    }
}
