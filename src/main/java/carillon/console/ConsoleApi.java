package carillon.console;

import static java.util.Objects.requireNonNull;

import carillon.agent.Agents;
import carillon.agent.TranscriptStore;
import carillon.ai.Models;
import carillon.audit.AuditTrail;
import carillon.auth.Keys;
import carillon.auth.SignIns;
import carillon.batch.Batches;
import carillon.budget.Budgets;
import carillon.cluster.NodeStore;
import carillon.event.EventStore;
import carillon.json.Problems;
import carillon.outbox.DeliveryStore;
import carillon.response.ResponseStore;
import carillon.run.Ledgers;
import carillon.run.Runs;
import carillon.run.Steps;
import carillon.run.TallyStore;
import carillon.task.TaskDefinition;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Api;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.webhook.Webhooks;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/// The console, under `/console`: for people with a browser, who sign in with an API key.
public final class ConsoleApi implements Api {
    /// As in the scopes of keys.
    public static final String NAME = "console";

    static final String PREFIX = "/console";

    private final List<Route> routes;

    /// What the console shows and asks.
    public record Parts(
            Tasks tasks,
            Runs runs,
            Ledgers ledgers,
            TallyStore tallies,
            EventStore events,
            NodeStore nodes,
            SignIns signIns,
            InstantSource time) {
        public Parts {
            requireNonNull(tasks, "tasks");
            requireNonNull(runs, "runs");
            requireNonNull(ledgers, "ledgers");
            requireNonNull(tallies, "tallies");
            requireNonNull(events, "events");
            requireNonNull(nodes, "nodes");
            requireNonNull(signIns, "signIns");
            requireNonNull(time, "time");
        }
    }

    /// What has been written down of what happened in runs, and how steps of workflows stand.
    public record Past(
            ResponseStore responses,
            DeliveryStore deliveries,
            Steps steps,
            TranscriptStore transcripts) {
        public Past {
            requireNonNull(responses, "responses");
            requireNonNull(deliveries, "deliveries");
            requireNonNull(steps, "steps");
            requireNonNull(transcripts, "transcripts");
        }
    }

    /// What there is beside tasks and runs.
    public record Beside(
            Agents agents, Models models, Budgets budgets, Batches batches, Webhooks webhooks) {
        public Beside {
            requireNonNull(agents, "agents");
            requireNonNull(models, "models");
            requireNonNull(budgets, "budgets");
            requireNonNull(batches, "batches");
            requireNonNull(webhooks, "webhooks");
        }
    }

    /// What it takes to write tasks: the zone of schedules that name none, and what is checked
    /// beyond the form of a definition.
    public record Writing(ZoneId zone, BiConsumer<TaskDefinition, Problems> rules) {
        public Writing {
            requireNonNull(zone, "zone");
            requireNonNull(rules, "rules");
        }
    }

    /// What only administrators see. `apis` are the names that the scopes of keys can have.
    public record Administering(Keys keys, Set<String> apis, AuditTrail audit) {
        public Administering {
            requireNonNull(keys, "keys");
            apis = Set.copyOf(apis);
            requireNonNull(audit, "audit");
        }
    }

    public ConsoleApi(
            Parts parts, Past past, Beside beside, Writing writing, Administering administering) {
        var live = new Live(parts.events(), parts.signIns(), parts.time());
        this.routes =
                Stream.of(
                                new SignInRoutes(parts.signIns()).routes(),
                                new OverviewRoutes(parts, live).routes(),
                                new TaskRoutes(parts, live).routes(),
                                new TaskDoingRoutes(parts).routes(),
                                new EditorRoutes(parts, writing).routes(),
                                new RunRoutes(parts, past, live).routes(),
                                new StepRoutes(parts.runs(), past.steps()).routes(),
                                new TranscriptRoutes(parts.runs(), past.transcripts()).routes(),
                                new BatchRoutes(beside.batches(), parts.runs(), live).routes(),
                                new AgentRoutes(beside.agents()).routes(),
                                new AgentEditorRoutes(beside.agents()).routes(),
                                new ResponseRoutes(past.responses()).routes(),
                                new WebhookRoutes(beside.webhooks(), parts.time(), live).routes(),
                                new WebhookEditorRoutes(beside.webhooks()).routes(),
                                new DeliveryRoutes(beside.webhooks(), live).routes(),
                                new ModelRoutes(beside.models()).routes(),
                                new ModelEditorRoutes(beside.models()).routes(),
                                new BudgetRoutes(beside.budgets()).routes(),
                                new BudgetEditorRoutes(beside.budgets(), writing.zone()).routes(),
                                new KeyRoutes(administering, parts.time()).routes(),
                                new AuditRoutes(administering.audit()).routes(),
                                new AssetRoutes().routes())
                        .flatMap(List::stream)
                        .toList();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public List<Route> routes() {
        return routes;
    }

    @Override
    public Access access() {
        return Access.SIGN_IN_OR_KEY;
    }

    /// A page that says what is wrong; who has not signed in gets the page to do so.
    @Override
    public Answer refuse(Refusal refusal, String requestId) {
        return refusal.kind() == Refusal.Kind.UNAUTHORIZED
                ? Pages.signIn(refusal.kind().status(), "")
                : Pages.problem(refusal, requestId);
    }
}
