package carillon.api;

import carillon.agent.Agent;
import carillon.agent.AgentQuery;
import carillon.agent.Agents;
import carillon.agent.StoredAgent;
import carillon.json.AgentJson;
import carillon.json.Json;
import carillon.json.Problems;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.web.Route.Method;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `/agents`: made, changed and deleted. An agent is reached by its id or by its name.
public final class AgentRoutes {
    private static final String AGENTS = "/api/v1/agents";
    private static final String AGENT = AGENTS + "/{id}";
    private static final Set<String> READ_ONLY =
            Set.of("id", "version", "created_at", "updated_at");

    private final Agents agents;

    public AgentRoutes(Agents agents) {
        this.agents = agents;
    }

    public List<Route> routes() {
        return List.of(
                new Route(Method.GET, AGENTS, Permission.VIEW, this::list),
                new Route(Method.POST, AGENTS, Permission.EDIT, this::create),
                new Route(Method.GET, AGENT, Permission.VIEW, call -> shown(200, require(call))),
                new Route(Method.PUT, AGENT, Permission.EDIT, this::update),
                new Route(Method.DELETE, AGENT, Permission.EDIT, this::delete));
    }

    private static ObjectNode view(StoredAgent stored) {
        var view = Json.object().put("id", stored.id());
        view.setAll(AgentJson.write(stored.agent()));
        return view.put("version", stored.version())
                .put("created_at", stored.createdAt().toString())
                .put("updated_at", stored.updatedAt().toString());
    }

    private static Answer shown(int status, StoredAgent stored) {
        var headers = Map.of("ETag", IfMatch.etag(stored.version()));
        return new Answer(status, view(stored), Answer.JSON, headers);
    }

    private StoredAgent require(Call call) {
        return agents.find(call.path("id")).orElseThrow(() -> noAgent(call));
    }

    private static RuntimeException noAgent(Call call) {
        return Refused.of(
                Refusal.Kind.NOT_FOUND, "there is no agent " + Parameters.shown(call.path("id")));
    }

    private static RuntimeException taken() {
        return Refused.of(Refusal.Kind.CONFLICT, "there is an agent with this name");
    }

    private Answer list(Call call) {
        int limit = Parameters.limit(call);
        boolean active = Parameters.bool(call, "active_only").orElse(false);
        long before = Parameters.cursor(call).orElse(Long.MAX_VALUE);
        var found = agents.list(new AgentQuery(active, before, 0, limit + 1));
        return Answer.ok(Page.of(found, limit, StoredAgent::id, AgentRoutes::view));
    }

    private static Agent read(JsonNode body, Set<String> readOnly) {
        var problems = new Problems();
        return AgentJson.read(body, readOnly, problems).orElseThrow(() -> Refused.of(problems));
    }

    private Answer create(Call call) {
        var made = agents.create(read(call.json(), Set.of())).orElseThrow(AgentRoutes::taken);
        return shown(201, made).withHeader("Location", AGENTS + "/" + made.id());
    }

    private Answer update(Call call) {
        var before = require(call);
        var agent = read(call.json(), READ_ONLY);
        var expected = IfMatch.version(call, before.version(), AgentRoutes::lostRace);
        return switch (agents.update(before.id(), agent, expected)) {
            case Agents.Changed.Done(var after) -> shown(200, after);
            case Agents.Changed.NotFound() -> throw noAgent(call);
            case Agents.Changed.Conflict(int current) -> throw lostRace(current);
            case Agents.Changed.Taken() -> throw taken();
        };
    }

    private static RuntimeException lostRace(int current) {
        return Refused.of(
                Refusal.Kind.PRECONDITION_FAILED,
                "the agent has changed since: it is at version " + current);
    }

    private Answer delete(Call call) {
        var agent = require(call);
        if (!agents.delete(agent.id())) {
            throw noAgent(call);
        }
        return Answer.ok(Map.of("id", agent.id(), "deleted", true));
    }
}
