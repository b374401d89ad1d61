package carillon.api;

import static java.util.Objects.requireNonNull;

import carillon.action.AgentCall;
import carillon.agent.Agent;
import carillon.agent.AgentQuery;
import carillon.agent.Agents;
import carillon.agent.StoredAgent;
import carillon.agent.TranscriptStore;
import carillon.ai.Reply;
import carillon.ai.Spending;
import carillon.json.AgentJson;
import carillon.json.Fields;
import carillon.json.Json;
import carillon.json.Problems;
import carillon.run.Runs;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.web.Route.Method;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
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
    private final Trial trial;
    private final Runs runs;
    private final TranscriptStore transcripts;

    /// Lets an agent answer once, on behalf of `caller`, who pays; blocks for at most about 25 s.
    public interface Trial {
        Tried of(Agent agent, String text, String caller) throws InterruptedException;
    }

    /// What came of it, after how long, and what it took.
    public record Tried(Reply reply, Duration took, Spending spending) {
        public Tried {
            requireNonNull(reply, "reply");
            requireNonNull(took, "took");
            requireNonNull(spending, "spending");
        }
    }

    public AgentRoutes(Agents agents, Trial trial, Runs runs, TranscriptStore transcripts) {
        this.agents = requireNonNull(agents, "agents");
        this.trial = requireNonNull(trial, "trial");
        this.runs = requireNonNull(runs, "runs");
        this.transcripts = requireNonNull(transcripts, "transcripts");
    }

    public List<Route> routes() {
        return List.of(
                new Route(Method.GET, AGENTS, Permission.VIEW, this::list),
                new Route(Method.POST, AGENTS, Permission.EDIT, this::create),
                new Route(Method.GET, AGENT, Permission.VIEW, call -> shown(200, require(call))),
                new Route(Method.PUT, AGENT, Permission.EDIT, this::update),
                new Route(Method.DELETE, AGENT, Permission.EDIT, this::delete),
                new Route(Method.POST, AGENT + "/test", Permission.OPERATE, this::test),
                new Route(
                        Method.GET,
                        "/api/v1/runs/{id}/transcript",
                        Permission.VIEW,
                        this::transcript));
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

    /// A model that fails is an answer, not an error of the call.
    private Answer test(Call call) throws InterruptedException {
        var agent = require(call);
        var problems = new Problems();
        var fields = Fields.of(call.json(), "", problems);
        var input = fields.flatMap(sent -> sent.requiredText("input", AgentCall.MAX_TEXT_LENGTH));
        fields.ifPresent(Fields::done);
        if (!problems.isEmpty()) {
            throw Refused.of(problems);
        }
        var tried = trial.of(agent.agent(), input.orElseThrow(), call.caller());
        var out = Json.object().put("agent_id", agent.id()).put("model", agent.agent().model());
        switch (tried.reply()) {
            case Reply.Answer answer -> {
                out.put("ok", true).put("text", answer.text());
                SpendingView.put(out, tried.spending());
                out.putNull("error");
            }
            case Reply.Failure failure ->
                    out.put("ok", false)
                            .putNull("text")
                            .putNull("tokens")
                            .putNull("cost")
                            .put("error", failure.reason());
        }
        return Answer.ok(out.put("latency_ms", tried.took().toMillis()));
    }

    private Answer transcript(Call call) {
        var id = Parameters.runId(call);
        var run = runs.find(id).orElseThrow(() -> Refused.noRun(id.toString()));
        var out = Json.object().put("run_id", run.id().value());
        var entries = out.putArray("entries");
        transcripts.read(id.value()).forEach(entry -> entries.add(Json.readObject(entry)));
        return Answer.ok(out);
    }

    private Answer delete(Call call) {
        var agent = require(call);
        if (!agents.delete(agent.id())) {
            throw noAgent(call);
        }
        return Answer.ok(Map.of("id", agent.id(), "deleted", true));
    }
}
