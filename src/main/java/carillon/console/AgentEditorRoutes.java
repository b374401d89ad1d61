package carillon.console;

import carillon.agent.Agent;
import carillon.agent.Agents;
import carillon.agent.StoredAgent;
import carillon.json.AgentJson;
import carillon.json.Problems;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Writing agents: new ones, changes, and deleting. A definition is written as the native API takes
/// it.
final class AgentEditorRoutes {
    private static final String EXAMPLE =
            """
            {
              "name": "researcher",
              "role": "Researcher",
              "goal": "Find out what is asked, and say where it stands.",
              "model": "echo",
              "tools": ["http_get"],
              "limits": {"steps": 10, "tokens": 50000, "cost": 0.50, "time": "5m"}
            }
            """;
    private static final List<String> TAKEN = List.of("name: there is an agent with this name");
    private static final DefinitionView.Place NEW =
            DefinitionView.Place.of("New agent", AgentRoutes.AGENTS, 0);

    private final Agents agents;

    AgentEditorRoutes(Agents agents) {
        this.agents = agents;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, AgentRoutes.AGENTS + "/new", Permission.VIEW, this::begin),
                new Route(Method.POST, AgentRoutes.AGENTS, Permission.EDIT, this::create),
                new Route(Method.GET, AgentRoutes.AGENT + "/edit", Permission.VIEW, this::edit),
                new Route(Method.POST, AgentRoutes.AGENT, Permission.EDIT, this::update),
                new Route(
                        Method.POST, AgentRoutes.AGENT + "/delete", Permission.EDIT, this::delete));
    }

    /// The definition, as it is written.
    static String text(StoredAgent stored) {
        return AgentJson.write(stored.agent()).toPrettyString();
    }

    private Answer begin(Call call) {
        return Definitions.page(200, call, NEW, EXAMPLE, List.of());
    }

    private Answer edit(Call call) {
        var agent = AgentRoutes.require(agents, call);
        return Definitions.page(200, call, place(agent), text(agent), List.of());
    }

    private static DefinitionView.Place place(StoredAgent agent) {
        var heading = "Edit " + agent.agent().name();
        return DefinitionView.Place.of(heading, AgentRoutes.path(agent), agent.version());
    }

    private static Optional<Agent> read(String text, Problems problems) {
        return Definitions.read(text, problems, json -> AgentJson.read(json, Set.of(), problems));
    }

    private Answer create(Call call) {
        var text = EditorRoutes.text(call);
        var problems = new Problems();
        var agent = read(text, problems);
        if (agent.isEmpty()) {
            return Definitions.page(400, call, NEW, text, Definitions.words(problems));
        }
        return agents.create(agent.get())
                .map(made -> Pages.seeOther(AgentRoutes.path(made)))
                .orElseGet(() -> Definitions.page(409, call, NEW, text, TAKEN));
    }

    /// Nobody's change is lost: what was read must still be what is replaced.
    private Answer update(Call call) {
        var text = EditorRoutes.text(call);
        var before = AgentRoutes.require(agents, call);
        var place = place(before);
        var problems = new Problems();
        var agent = read(text, problems);
        if (agent.isEmpty()) {
            return Definitions.page(400, call, place, text, Definitions.words(problems));
        }
        int seen = Definitions.seen(call).orElse(before.version());
        return switch (agents.update(before.id(), agent.get(), OptionalInt.of(seen))) {
            case Agents.Changed.Done(var after) -> Pages.seeOther(AgentRoutes.path(after));
            case Agents.Changed.NotFound() -> throw Inputs.none("agent");
            case Agents.Changed.Taken() -> Definitions.page(409, call, place, text, TAKEN);
            case Agents.Changed.Conflict(int current) ->
                    Definitions.page(
                            409, call, place, text, Definitions.changed("agent", seen, current));
        };
    }

    private Answer delete(Call call) {
        if (!agents.delete(AgentRoutes.require(agents, call).id())) {
            throw Inputs.none("agent");
        }
        return Pages.seeOther(AgentRoutes.AGENTS);
    }
}
