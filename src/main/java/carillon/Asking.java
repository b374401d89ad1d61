package carillon;

import carillon.agent.Agent;
import carillon.agent.Agents;
import carillon.ai.Models;
import carillon.api.AgentRoutes;
import carillon.api.BudgetRoutes;
import carillon.api.ForecastRoutes;
import carillon.api.ModelRoutes;
import carillon.api.ModelTrial;
import carillon.api.NativeApi;
import carillon.api.PromptRoutes;
import carillon.api.PromptTrial;
import carillon.api.QuotaRoutes;
import carillon.api.ResponseRoutes;
import carillon.api.UsageRoutes;
import carillon.batch.BatchFiles;
import carillon.batch.Batches;
import carillon.budget.Budgets;
import carillon.budget.Forecasts;
import carillon.budget.Treasury;
import carillon.console.ConsoleApi;
import carillon.dialect.crewai.CrewAiApi;
import carillon.egress.Egress;
import carillon.engine.Engine;
import carillon.json.AgentJson;
import carillon.json.ModelJson;
import carillon.mcp.ToolServers;
import carillon.outbox.DeliveryStore;
import carillon.perform.AgentPerformer;
import carillon.perform.AgentTrial;
import carillon.perform.BatchPerformer;
import carillon.perform.BuiltInTools;
import carillon.perform.ChatClients;
import carillon.perform.LikelyTexts;
import carillon.perform.MeteredChat;
import carillon.perform.PreviousResponses;
import carillon.perform.PromptPerformer;
import carillon.perform.PromptQuestions;
import carillon.perform.TaskTool;
import carillon.perform.ToolPerformer;
import carillon.perform.Ways;
import carillon.prompt.Prompts;
import carillon.quota.Quotas;
import carillon.run.Runs;
import carillon.run.Steps;
import carillon.secret.Seal;
import carillon.store.Stores;
import carillon.task.Tasks;
import carillon.web.Route;
import carillon.webhook.Webhooks;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The part of a server that asks models: which there are, through what they are reached, with
/// which prompts, and within which quotas and budgets; composed.
final class Asking implements AutoCloseable {
    private final Stores stores;
    private final Egress egress;
    private final Egress administratorsEgress;
    private final ToolServers toolServers;
    private final Models models;
    private final Agents agents;
    private final Quotas quotas;
    private final MeteredChat chat;
    private final Prompts prompts;
    private final Budgets budgets;
    private final Treasury treasury;
    private final PromptPerformer performer;
    private final Optional<BatchPerformer> batches;
    private final InstantSource time;
    private volatile Optional<Runs> runs = Optional.empty();

    Asking(Server.Plan plan, Stores stores, Seal seal, Egress egress, InstantSource time) {
        this.stores = stores;
        this.egress = egress;
        this.time = time;
        var reach = plan.reach();
        toolServers = new ToolServers(reach.toolServers(), egress, time);
        administratorsEgress = Egress.open(reach.egress().allowingHosts(reach.models().hosts()));
        models = new Models(reach.models(), stores.models(ModelJson.codec(seal)), time);
        agents = new Agents(stores.agents(AgentJson.codec()), time);
        quotas = new Quotas(stores.quotas(), time);
        var ways = new Ways(egress, administratorsEgress);
        var clients = new ChatClients(ways, time, quotas::told);
        chat = new MeteredChat(clients, quotas);
        prompts = new Prompts(stores.prompts(), time);
        PreviousResponses previous = stores.responses()::lastText;
        var questions = new PromptQuestions(prompts, previous, plan.zone(), time);
        budgets = new Budgets(stores.budgets(), time);
        treasury = new Treasury(budgets, stores.budgets(), stores.tasks(), time);
        performer = new PromptPerformer(questions, models, chat, treasury, time);
        var asks =
                new BatchPerformer.Asks(
                        models, new MeteredChat(clients.whole(), quotas), ways, treasury);
        batches = reach.files().map(BatchFiles::new).map(files -> performer(files, asks));
    }

    private BatchPerformer performer(BatchFiles files, BatchPerformer.Asks asks) {
        return new BatchPerformer(files, asks, stores.batches(), stores.runs(), time);
    }

    Models models() {
        return models;
    }

    Budgets budgets() {
        return budgets;
    }

    PromptPerformer performer() {
        return performer;
    }

    /// The API that is about agents first.
    CrewAiApi crewAi(Tasks tasks, Runs runs, Steps steps, Batches workflows) {
        var records =
                new CrewAiApi.Records(
                        stores.listedRuns(),
                        stores.stepNumbers(),
                        stores.batches(),
                        stores.events());
        return new CrewAiApi(
                new CrewAiApi.Parts(
                        tasks, runs, steps, workflows, agents, agentTrial(), records, time));
    }

    /// What the console shows of what agents and models have said.
    ConsoleApi.Past past(DeliveryStore deliveries, Steps steps) {
        return new ConsoleApi.Past(stores.responses(), deliveries, steps, stores.transcripts());
    }

    /// What the console shows beside tasks and runs.
    ConsoleApi.Beside beside(Batches batches, Webhooks webhooks) {
        return new ConsoleApi.Beside(agents, models, budgets, batches, webhooks);
    }

    private AgentTrial agentTrial() {
        return new AgentTrial(models, chat.atOnce(), treasury, time);
    }

    private AgentRoutes.Tried tried(Agent agent, String text, String caller)
            throws InterruptedException {
        var tried = agentTrial().of(agent, text, caller);
        return new AgentRoutes.Tried(tried.reply(), tried.took(), tried.spending());
    }

    AgentPerformer agents() {
        var builtIn = new BuiltInTools(egress, stores.responses()::lastText);
        var tasks = new TaskTool(this::runs);
        return new AgentPerformer(
                agents::find,
                new AgentPerformer.Means(
                        models,
                        chat,
                        treasury,
                        stores.transcripts(),
                        List.of(builtIn, tasks, toolServers),
                        time));
    }

    ToolPerformer tools() {
        return new ToolPerformer(toolServers);
    }

    private Runs runs() {
        return runs.orElseThrow(() -> new IllegalStateException("nothing runs yet"));
    }

    /// Lets agents begin runs. To be called before the engine starts.
    void connect(Runs others) {
        runs = Optional.of(others);
    }

    /// There is one where there is a folder for files.
    Optional<BatchPerformer> batches() {
        return batches;
    }

    void join(Engine engine) {
        engine.add("quotas", quotas::runOnce);
        quotas.connect(engine.intake()::wake);
        engine.add("budgets", treasury::sweep);
    }

    List<Route> routes(NativeApi.Parts parts) {
        var trial = new ModelTrial(models, chat.atOnce(), treasury, time);
        var promptTrial = new PromptTrial(prompts, parts.zone(), time, trial);
        var routes = new ArrayList<>(new ModelRoutes(models, trial).routes());
        routes.addAll(
                new AgentRoutes(agents, this::tried, parts.runs(), stores.transcripts()).routes());
        routes.addAll(new PromptRoutes(prompts, promptTrial).routes());
        routes.addAll(new QuotaRoutes(models, quotas, time).routes());
        routes.addAll(new ResponseRoutes(stores.responses()).routes());
        routes.addAll(new UsageRoutes(models, stores.responses(), time).routes());
        routes.addAll(new BudgetRoutes(budgets, parts.zone()).routes());
        routes.addAll(new ForecastRoutes(forecasts(parts), parts.zone(), time).routes());
        return routes;
    }

    private Forecasts forecasts(NativeApi.Parts parts) {
        var texts = new LikelyTexts(prompts, parts.zone(), time);
        var known = new Forecasts.Knowledge(stores.pastCosts(), texts);
        return new Forecasts(budgets, stores.tasks(), models, known, time);
    }

    /// Sets long work aside. To be called before the engine stops.
    void setAside() {
        batches.ifPresent(BatchPerformer::stop);
    }

    /// To be called when the engine has stopped and before its attempts are given up.
    void giveBack() {
        treasury.close();
    }

    @Override
    public void close() {
        toolServers.close();
        administratorsEgress.close();
    }
}
