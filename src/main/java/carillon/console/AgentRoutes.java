package carillon.console;

import carillon.agent.Agent;
import carillon.agent.AgentQuery;
import carillon.agent.Agents;
import carillon.agent.Bounds;
import carillon.agent.StoredAgent;
import carillon.budget.Money;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The agents: all of them, and one, which is reached by its id or by its name.
final class AgentRoutes {
    static final String AGENTS = "/agents";
    static final String AGENT = AGENTS + "/{id}";
    static final String ACTIVE = "active";

    private static final int ROWS = 50;

    private final Agents agents;

    AgentRoutes(Agents agents) {
        this.agents = agents;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, AGENTS, Permission.VIEW, this::list),
                new Route(Method.GET, AGENT, Permission.VIEW, this::find));
    }

    static String path(StoredAgent agent) {
        return AGENTS + "/" + agent.id();
    }

    /// By id or name; empty for names that do not stand in addresses as they are.
    static Optional<String> path(String idOrName) {
        return Optional.of(ConsoleApi.PREFIX + AGENTS + "/" + idOrName)
                .filter(_ -> idOrName.matches("[A-Za-z0-9_.-]*[A-Za-z0-9_-]"));
    }

    static StoredAgent require(Agents agents, Call call) {
        return agents.find(call.path("id")).orElseThrow(() -> Inputs.none("agent"));
    }

    private Answer list(Call call) {
        long before = Inputs.before(call).orElse(Long.MAX_VALUE);
        var found = agents.list(new AgentQuery(false, before, 0, ROWS + 1));
        var shown = found.subList(0, Math.min(ROWS, found.size()));
        var older =
                found.size() > ROWS ? OptionalLong.of(shown.getLast().id()) : OptionalLong.empty();
        var rows = shown.stream().map(AgentRoutes::row).toList();
        var view = new AgentListView(rows, older, call.may(Permission.EDIT));
        return Pages.page(call, "Agents", "agents.jte", view);
    }

    private static AgentListView.AgentRow row(StoredAgent stored) {
        var agent = stored.agent();
        return new AgentListView.AgentRow(
                stored.id(),
                agent.name(),
                Words.brief(agent.persona().role()),
                agent.model(),
                words(agent.skills().tools()),
                state(agent));
    }

    private static String state(Agent agent) {
        return agent.active() ? ACTIVE : "not asked";
    }

    private static String words(List<String> words) {
        return words.isEmpty() ? Words.NOTHING : String.join(", ", words);
    }

    private Answer find(Call call) {
        var stored = require(agents, call);
        var persona = stored.agent().persona();
        var view =
                new AgentView(
                        stored.id(),
                        stored.agent().name(),
                        facts(stored),
                        persona.goal(),
                        persona.backstory(),
                        AgentEditorRoutes.text(stored),
                        call.may(Permission.EDIT));
        return Pages.page(call, "Agent " + stored.agent().name(), "agent.jte", view);
    }

    private static List<Fact> facts(StoredAgent stored) {
        var agent = stored.agent();
        var facts = new ArrayList<Fact>();
        facts.add(Fact.of("Role", agent.persona().role()));
        facts.add(Fact.of("State", state(agent)));
        facts.add(Fact.of("Model", agent.model()));
        var sampling = agent.sampling();
        sampling.temperature()
                .ifPresent(value -> facts.add(Fact.of("Temperature", Double.toString(value))));
        sampling.topP().ifPresent(value -> facts.add(Fact.of("Top p", Double.toString(value))));
        sampling.maxTokens()
                .ifPresent(value -> facts.add(Fact.of("Tokens an answer", Words.number(value))));
        facts.add(Fact.of("Tools", words(agent.skills().tools())));
        if (!agent.skills().capabilities().isEmpty()) {
            facts.add(Fact.of("Capabilities", words(agent.skills().capabilities())));
        }
        facts.add(Fact.of("Limits", limits(agent.bounds())));
        facts.add(Fact.of("Version", Integer.toString(stored.version())));
        facts.add(Fact.of("Made", Words.time(stored.createdAt())));
        facts.add(Fact.of("Changed", Words.time(stored.updatedAt())));
        return facts;
    }

    private static String limits(Bounds bounds) {
        var words = new ArrayList<String>();
        words.add(Words.number(bounds.steps()) + " answers of its model");
        words.add(Words.number(bounds.tokens()) + " tokens");
        bounds.costNanodollars().ifPresent(cost -> words.add(Money.words(cost)));
        words.add(Words.duration(bounds.time()));
        return String.join(", ", words);
    }
}
