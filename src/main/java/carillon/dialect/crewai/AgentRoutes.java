package carillon.dialect.crewai;

import static carillon.web.Permission.EDIT;
import static carillon.web.Permission.OPERATE;
import static carillon.web.Permission.VIEW;
import static carillon.web.Route.Method.DELETE;
import static carillon.web.Route.Method.GET;
import static carillon.web.Route.Method.POST;
import static carillon.web.Route.Method.PUT;

import carillon.agent.AgentQuery;
import carillon.agent.Agents;
import carillon.agent.Agents.Changed;
import carillon.agent.StoredAgent;
import carillon.ai.Reply;
import carillon.ai.Tokens;
import carillon.json.Fields;
import carillon.json.Json;
import carillon.json.Problems;
import carillon.perform.AgentTrial;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Route;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// `/agents`.
final class AgentRoutes {
    private static final int MAX_INPUT = 200_000;

    private final Agents agents;
    private final AgentTrial trial;

    AgentRoutes(Agents agents, AgentTrial trial) {
        this.agents = agents;
        this.trial = trial;
    }

    List<Route> routes() {
        var all = CrewAiApi.ROOT + "/agents";
        var one = all + "/{agent_id}";
        var routes = new ArrayList<Route>();
        routes.add(new Route(GET, all, VIEW, this::list));
        routes.add(new Route(POST, all, EDIT, this::create));
        routes.add(new Route(GET, one, VIEW, call -> shown(require(call))));
        routes.add(new Route(PUT, one, EDIT, this::update));
        routes.add(new Route(DELETE, one, EDIT, this::delete));
        routes.add(new Route(POST, one + "/test", OPERATE, this::test));
        routes.add(new Route(GET, one + "/capabilities", VIEW, this::capabilities));
        return routes;
    }

    private static Answer shown(StoredAgent agent) {
        return Answer.ok(AgentForm.write(agent));
    }

    private StoredAgent require(Call call) {
        return CrewAiApi.number(call.path("agent_id"))
                .flatMap(agents::find)
                .orElseThrow(() -> notFound(call));
    }

    private static RuntimeException notFound(Call call) {
        return Failures.notFound("Agent", call.path("agent_id"));
    }

    private Answer list(Call call) {
        var paging = Paging.of(call);
        boolean active = Paging.bool(call, "active_only", true);
        var query = new AgentQuery(active, Long.MAX_VALUE, paging.skip(), paging.limit());
        var out = Json.array();
        agents.list(query).forEach(agent -> out.add(AgentForm.write(agent)));
        return Answer.ok(out);
    }

    private Answer create(Call call) {
        var agent = AgentForm.read(call.json(), Optional.empty());
        return Answer.created(
                AgentForm.write(agents.create(agent).orElseThrow(AgentRoutes::taken)));
    }

    private static RuntimeException taken() {
        return Failures.conflict("An agent with this name already exists");
    }

    private Answer update(Call call) {
        var before = require(call);
        var agent = AgentForm.read(call.json(), Optional.of(before));
        return switch (agents.update(before.id(), agent, OptionalInt.empty())) {
            case Changed.Done(var after) -> shown(after);
            case Changed.NotFound() -> throw notFound(call);
            case Changed.Taken() -> throw taken();
            case Changed.Conflict _ -> throw Failures.conflict("The agent has changed meanwhile");
        };
    }

    private Answer delete(Call call) {
        if (!agents.delete(require(call).id())) {
            throw notFound(call);
        }
        return CrewAiApi.done("Agent deleted");
    }

    private Answer capabilities(Call call) {
        var agent = require(call);
        var shown = AgentForm.write(agent);
        return Answer.ok(
                Json.object()
                        .put("agent_id", agent.id())
                        .setAll(shown.retain("capabilities", "tools")));
    }

    /// A model that fails is an answer of the test, not a failure of the call.
    private Answer test(Call call) throws InterruptedException {
        var agent = require(call);
        var problems = new Problems();
        var fields = Fields.of(call.json(), "", problems);
        var input = fields.flatMap(sent -> sent.requiredText("input", MAX_INPUT));
        var context = fields.flatMap(sent -> sent.raw("context"));
        if (context.filter(sent -> !sent.isObject()).isPresent()) {
            problems.add("context", "must be an object");
        }
        Failures.refuse(problems, name -> name);
        var said = input.orElseThrow();
        var text = said + context.map(more -> "\n\nContext:\n" + Json.write(more)).orElse("");
        var tried = trial.of(agent.agent(), text, call.caller());
        var out = Json.object().put("agent_id", agent.id()).put("input", said);
        return Answer.ok(put(tried, out));
    }

    private static ObjectNode put(AgentTrial.Tried tried, ObjectNode out) {
        var answer =
                tried.reply() instanceof Reply.Answer given
                        ? Optional.of(given)
                        : Optional.<Reply.Answer>empty();
        out.put("output", answer.map(Reply.Answer::text).orElse(null));
        out.put("execution_time", tried.took().toMillis() / 1_000.0);
        out.put("tokens_used", answer.flatMap(Reply.Answer::tokens).map(Tokens::total).orElse(0L));
        out.put("success", answer.isPresent());
        return out.put(
                "error", tried.reply() instanceof Reply.Failure failure ? failure.reason() : null);
    }
}
