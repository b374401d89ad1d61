package carillon.json;

import carillon.agent.Agent;
import carillon.agent.Agent.Persona;
import carillon.agent.Agent.Skills;
import carillon.agent.AgentCodec;
import carillon.agent.Agents;
import carillon.agent.Bounds;
import carillon.agent.Sampling;
import carillon.ai.Defaults;
import carillon.schedule.DurationText;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// An agent in native JSON: `{name, role, goal, backstory, model, temperature, top_p, max_tokens,
/// capabilities, tools, limits, active, config}`. There are no secrets in it.
public final class AgentJson {
    public static final int MAX_ROLE_LENGTH = 200;
    public static final int MAX_GOAL_LENGTH = 10_000;
    public static final int MAX_BACKSTORY_LENGTH = 50_000;
    public static final int MAX_ITEMS = 100;
    public static final int MAX_ITEM_LENGTH = 200;
    public static final int MAX_CONFIG_LENGTH = 65_536;
    private static final double MAX_COST = 1_000_000;
    private static final BigDecimal NANODOLLARS = BigDecimal.valueOf(1_000_000_000);

    private final Fields fields;

    private AgentJson(Fields fields) {
        this.fields = fields;
    }

    /// Reads a whole agent: what is left out has its default. `readOnly` are names that may stand
    /// beside the agent's own. Empty exactly when something was added to `problems`.
    public static Optional<Agent> read(JsonNode node, Set<String> readOnly, Problems problems) {
        int before = problems.count();
        return Fields.of(node, "", problems)
                .flatMap(
                        fields -> {
                            fields.allow(readOnly);
                            return new AgentJson(fields).read();
                        })
                .filter(_ -> problems.count() == before);
    }

    private Optional<Agent> read() {
        int before = fields.problems().count();
        var name = fields.requiredText("name", Agent.MAX_NAME_LENGTH);
        name.filter(Agents::isNumber)
                .ifPresent(_ -> fields.problem("name", "must be more than a number"));
        var role = fields.requiredText("role", MAX_ROLE_LENGTH);
        var goal = fields.requiredText("goal", MAX_GOAL_LENGTH);
        var backstory = fields.text("backstory", MAX_BACKSTORY_LENGTH).orElse("");
        var model = fields.requiredText("model", PromptCallJson.MAX_MODEL_LENGTH);
        var sampling =
                new Sampling(
                        fields.number("temperature", 0, Defaults.MAX_TEMPERATURE),
                        fields.number("top_p", Double.MIN_VALUE, 1),
                        fields.integer("max_tokens", 1, Defaults.MAX_TOKENS));
        var capabilities = words("capabilities");
        var tools = words("tools");
        var bounds = fields.object("limits").map(AgentJson::bounds).orElse(Bounds.DEFAULT);
        boolean active = fields.bool("active").orElse(true);
        var config = config();
        fields.done();
        if (fields.problems().count() > before || name.isEmpty() || model.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Agent(
                        name.get(),
                        new Persona(role.orElseThrow(), goal.orElseThrow(), backstory),
                        model.get(),
                        sampling,
                        new Skills(capabilities, tools),
                        bounds,
                        active,
                        config));
    }

    private List<String> words(String name) {
        var words = new LinkedHashSet<String>();
        var items = fields.array(name, MAX_ITEMS).orElse(List.of());
        for (int i = 0; i < items.size(); i++) {
            var word = items.get(i).isTextual() ? items.get(i).textValue() : "";
            var at = name + "[" + i + "]";
            if (word.isBlank() || word.length() > MAX_ITEM_LENGTH) {
                fields.problem(at, "must be a text of 1 to " + MAX_ITEM_LENGTH + " characters");
            } else if (!words.add(word)) {
                fields.problem(at, "is there already");
            }
        }
        return List.copyOf(words);
    }

    private static Bounds bounds(Fields limits) {
        var preset = Bounds.DEFAULT;
        int steps = limits.integer("steps", 1, Bounds.MAX_STEPS).orElse(preset.steps());
        long tokens = limits.wholeNumber("tokens", 1, Bounds.MAX_TOKENS).orElse(preset.tokens());
        var dollars = limits.number("cost", 0, MAX_COST);
        var cost =
                dollars.isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(
                                BigDecimal.valueOf(dollars.getAsDouble())
                                        .multiply(NANODOLLARS)
                                        .longValue());
        var time = limits.duration("time").orElse(preset.time());
        limits.done();
        if (!time.isPositive() || time.compareTo(Bounds.MAX_TIME) > 0) {
            limits.problem("time", "must be above 0 and at most 24h");
            return preset;
        }
        return new Bounds(steps, tokens, cost, time);
    }

    private Optional<String> config() {
        var config = fields.raw("config").map(Json::write);
        if (config.isPresent() && config.get().length() > MAX_CONFIG_LENGTH) {
            fields.problem("config", "must have at most " + MAX_CONFIG_LENGTH + " characters");
        }
        return config;
    }

    public static ObjectNode write(Agent agent) {
        var out =
                Json.object()
                        .put("name", agent.name())
                        .put("role", agent.persona().role())
                        .put("goal", agent.persona().goal())
                        .put("backstory", agent.persona().backstory())
                        .put("model", agent.model());
        var sampling = agent.sampling();
        out.putNull("temperature").putNull("top_p").putNull("max_tokens");
        sampling.temperature()
                .ifPresent(value -> out.put("temperature", BigDecimal.valueOf(value)));
        sampling.topP().ifPresent(value -> out.put("top_p", BigDecimal.valueOf(value)));
        sampling.maxTokens().ifPresent(value -> out.put("max_tokens", value));
        var capabilities = out.putArray("capabilities");
        agent.skills().capabilities().forEach(capabilities::add);
        var tools = out.putArray("tools");
        agent.skills().tools().forEach(tools::add);
        out.set("limits", write(agent.bounds()));
        out.put("active", agent.active()).putNull("config");
        agent.config().ifPresent(text -> out.set("config", Json.read(text)));
        return out;
    }

    private static ObjectNode write(Bounds bounds) {
        var out = Json.object().put("steps", bounds.steps()).put("tokens", bounds.tokens());
        out.putNull("cost");
        bounds.costNanodollars()
                .ifPresent(
                        nanodollars ->
                                out.put(
                                        "cost",
                                        BigDecimal.valueOf(nanodollars, 9).stripTrailingZeros()));
        return out.put("time", DurationText.write(bounds.time()));
    }

    /// The form that stores keep.
    public static AgentCodec codec() {
        return new Stored();
    }

    private static final class Stored implements AgentCodec {
        @Override
        public String write(Agent agent) {
            return Json.write(AgentJson.write(agent));
        }

        @Override
        public Agent read(String text) {
            var problems = new Problems();
            return AgentJson.read(Json.read(text), Set.of(), problems)
                    .orElseThrow(() -> new JsonException("a stored agent: " + problems, 0, 0));
        }
    }
}
