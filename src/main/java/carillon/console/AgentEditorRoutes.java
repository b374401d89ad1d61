package carillon.console;

import carillon.agent.Agent;
import carillon.agent.Agents;
import carillon.agent.StoredAgent;
import carillon.json.AgentJson;
import carillon.json.Json;
import carillon.json.JsonException;
import carillon.json.Problem;
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
    private static final String TAKEN = "name: there is an agent with this name";

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
        return editor(200, call, Optional.empty(), EXAMPLE, List.of());
    }

    private Answer edit(Call call) {
        var agent = AgentRoutes.require(agents, call);
        return editor(200, call, Optional.of(agent), text(agent), List.of());
    }

    private static Answer editor(
            int status,
            Call call,
            Optional<StoredAgent> agent,
            String text,
            List<String> problems) {
        var heading = agent.map(known -> "Edit " + known.agent().name()).orElse("New agent");
        var path = agent.map(AgentRoutes::path).orElse(AgentRoutes.AGENTS);
        var view =
                new AgentEditorView(
                        heading,
                        ConsoleApi.PREFIX + path,
                        agent.map(StoredAgent::version).orElse(0),
                        text,
                        problems,
                        call.may(Permission.EDIT));
        return Pages.page(status, call, heading, "agent-editor.jte", view);
    }

    /// Empty exactly when something was added to `problems`.
    private static Optional<Agent> read(String text, Problems problems) {
        try {
            return AgentJson.read(Json.read(text), Set.of(), problems);
        } catch (JsonException e) {
            problems.add("", e.getMessage());
            return Optional.empty();
        }
    }

    private static List<String> words(Problems problems) {
        return problems.list().stream().map(Problem::toString).toList();
    }

    private Answer create(Call call) {
        var text = EditorRoutes.text(call);
        var problems = new Problems();
        var agent = read(text, problems);
        if (agent.isEmpty()) {
            return editor(400, call, Optional.empty(), text, words(problems));
        }
        return agents.create(agent.get())
                .map(made -> Pages.seeOther(AgentRoutes.path(made)))
                .orElseGet(() -> editor(409, call, Optional.empty(), text, List.of(TAKEN)));
    }

    /// Nobody's change is lost: what was read must still be what is replaced.
    private Answer update(Call call) {
        var text = EditorRoutes.text(call);
        var before = AgentRoutes.require(agents, call);
        var problems = new Problems();
        var agent = read(text, problems);
        if (agent.isEmpty()) {
            return editor(400, call, Optional.of(before), text, words(problems));
        }
        int seen = seen(call).orElse(before.version());
        return switch (agents.update(before.id(), agent.get(), OptionalInt.of(seen))) {
            case Agents.Changed.Done(var after) -> Pages.seeOther(AgentRoutes.path(after));
            case Agents.Changed.NotFound() -> throw Inputs.none("agent");
            case Agents.Changed.Taken() ->
                    editor(409, call, Optional.of(before), text, List.of(TAKEN));
            case Agents.Changed.Conflict(int current) ->
                    editor(409, call, Optional.of(before), text, List.of(changed(seen, current)));
        };
    }

    private static Optional<Integer> seen(Call call) {
        return call.field("version")
                .flatMap(Inputs::id)
                .filter(number -> number <= Integer.MAX_VALUE)
                .map(Long::intValue);
    }

    private static String changed(int seen, int current) {
        return ("The agent was at version %d when you began and is at version %d now."
                        + " Look at what has changed; saving again replaces it.")
                .formatted(seen, current);
    }

    private Answer delete(Call call) {
        if (!agents.delete(AgentRoutes.require(agents, call).id())) {
            throw Inputs.none("agent");
        }
        return Pages.seeOther(AgentRoutes.AGENTS);
    }
}
