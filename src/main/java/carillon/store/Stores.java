package carillon.store;

import carillon.agent.AgentCodec;
import carillon.agent.AgentStore;
import carillon.agent.TranscriptStore;
import carillon.ai.ModelCodec;
import carillon.ai.ModelStore;
import carillon.audit.AuditStore;
import carillon.auth.KeyStore;
import carillon.auth.SignInStore;
import carillon.batch.BatchStore;
import carillon.budget.BudgetStore;
import carillon.budget.PastCosts;
import carillon.cluster.Bulletin;
import carillon.cluster.HoldStore;
import carillon.cluster.NodeStore;
import carillon.event.EventStore;
import carillon.idempotency.IdempotencyStore;
import carillon.oneshot.EndStore;
import carillon.oneshot.OneShotStore;
import carillon.outbox.DeliveryStore;
import carillon.processor.ProcessorStore;
import carillon.processor.SettingsCodec;
import carillon.prompt.PromptStore;
import carillon.quota.QuotaStore;
import carillon.response.ResponseStore;
import carillon.run.FamilyStore;
import carillon.run.LeaseStore;
import carillon.run.ListedRuns;
import carillon.run.RunEventStore;
import carillon.run.RunStore;
import carillon.run.SlotStore;
import carillon.run.TallyStore;
import carillon.secret.CanaryStore;
import carillon.secret.Seal;
import carillon.task.TaskCodec;
import carillon.task.TaskLists;
import carillon.task.TaskStore;
import carillon.webhook.WebhookStore;
import carillon.workflow.StepNumbers;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/// An open database, with a store for each feature that keeps something in it.
public final class Stores implements AutoCloseable {
    private final Foundation foundation;
    private final Database database;
    private final Ids ids;
    private Optional<Bulletin> bulletin = Optional.empty();
    private final SqlTaskStore tasks;
    private final SqlSlotStore slots;
    private final SqlLeaseStore leases;
    private final SqlRunStore runs;
    private final SqlEventStore events;
    private final SqlNodeStore nodes;
    private final SqlKeyStore keys;
    private final SqlIdempotencyStore requests;
    private final SqlPromptStore prompts;
    private final SqlResponseStore responses;
    private final SqlQuotaStore quotas;
    private final SqlBudgetStore budgets;
    private final SqlDeliveryStore deliveries;
    private final SqlOneShotStore oneShots;

    Stores(Foundation foundation) {
        this.foundation = foundation;
        this.database = foundation.database();
        this.ids = foundation.ids();
        this.tasks = new SqlTaskStore(foundation);
        this.slots = new SqlSlotStore(foundation);
        this.leases = new SqlLeaseStore(foundation);
        this.runs = new SqlRunStore(foundation);
        this.events = new SqlEventStore(foundation.database());
        this.nodes = new SqlNodeStore(foundation);
        this.keys = new SqlKeyStore(foundation);
        this.requests = new SqlIdempotencyStore(foundation);
        this.prompts = new SqlPromptStore(foundation);
        this.responses = new SqlResponseStore(foundation);
        this.quotas = new SqlQuotaStore(foundation);
        this.budgets = new SqlBudgetStore(foundation);
        this.deliveries = new SqlDeliveryStore(foundation);
        this.oneShots = new SqlOneShotStore(foundation, tasks, leases);
    }

    /// Opens the database, making or updating its tables and `lists` first. `unlock` gets what the
    /// codec needs to know before the first definition is read. Throws [StoreException], with a
    /// message that says what to do, when it is damaged, not ours, in use or of a newer version.
    public static Stores open(
            StoreSettings settings,
            TaskCodec codec,
            TaskLists lists,
            Consumer<CanaryStore> unlock,
            InstantSource clock) {
        return open(settings, new Reading(codec, lists, unlock), clock, LeaseClock.DATABASES);
    }

    /// The same, with nothing to unlock, for one process alone: leases are judged by the time that
    /// it hands in.
    public static Stores open(
            StoreSettings settings, TaskCodec codec, TaskLists lists, InstantSource clock) {
        return open(settings, new Reading(codec, lists, _ -> {}), clock, LeaseClock.CALLERS);
    }

    /// How definitions are read, and what is kept of them beside.
    private record Reading(TaskCodec codec, TaskLists lists, Consumer<CanaryStore> unlock) {}

    private static Stores open(
            StoreSettings settings, Reading reading, InstantSource clock, LeaseClock leaseClock) {
        var database =
                switch (settings) {
                    case StoreSettings.Sqlite sqlite -> SqliteDatabase.open(sqlite, clock);
                    case StoreSettings.Postgres postgres -> PostgresDatabase.open(postgres, clock);
                };
        try {
            reading.unlock.accept(new SqlCanaryStore(database));
            var ids = new Ids(database, clock);
            var definitions = new Definitions(reading.codec);
            var listings = new TaskListings(reading.lists);
            listings.fill(database, definitions);
            return new Stores(
                    new Foundation(database, ids, definitions, listings, clock, leaseClock));
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    public TaskStore tasks() {
        return tasks;
    }

    public SlotStore slots() {
        return slots;
    }

    public RunEventStore runEvents() {
        return new SqlRunEventStore(foundation);
    }

    public LeaseStore leases() {
        return leases;
    }

    public RunStore runs() {
        return runs;
    }

    public EventStore events() {
        return events;
    }

    /// Tells the nodes that share the database something, and hears what they tell.
    public synchronized Bulletin bulletin() {
        if (bulletin.isEmpty()) {
            bulletin = Optional.of(database.openBulletin());
        }
        return bulletin.get();
    }

    public NodeStore nodes() {
        return nodes;
    }

    public HoldStore hold() {
        return new SqlHoldStore(database);
    }

    public KeyStore keys() {
        return keys;
    }

    public SignInStore signIns() {
        return new SqlSignInStore(foundation);
    }

    /// The models, in the form that `codec` writes.
    public ModelStore models(ModelCodec codec) {
        return new SqlModelStore(foundation, codec);
    }

    /// The agents, in the form that `codec` writes.
    public AgentStore agents(AgentCodec codec) {
        return new SqlAgentStore(foundation, codec);
    }

    public TranscriptStore transcripts() {
        return new SqlTranscriptStore(database);
    }

    public ListedRuns listedRuns() {
        return new SqlListedRuns(database);
    }

    public StepNumbers stepNumbers() {
        return new SqlStepNumbers(foundation);
    }

    public TallyStore tallies() {
        return new SqlTallyStore(database);
    }

    public AuditStore audit() {
        return new SqlAuditStore(database);
    }

    public IdempotencyStore requests() {
        return requests;
    }

    public PromptStore prompts() {
        return prompts;
    }

    public ResponseStore responses() {
        return responses;
    }

    public QuotaStore quotas() {
        return quotas;
    }

    public PastCosts pastCosts() {
        return new SqlPastCosts(foundation);
    }

    public BudgetStore budgets() {
        return budgets;
    }

    public OneShotStore oneShots() {
        return oneShots;
    }

    public EndStore ends() {
        return new SqlEndStore(foundation);
    }

    public FamilyStore families() {
        return new SqlFamilyStore(foundation, leases);
    }

    public BatchStore batches() {
        return new SqlBatchStore(foundation);
    }

    public DeliveryStore deliveries() {
        return deliveries;
    }

    /// Subscriptions, their secrets sealed by `seal`.
    public WebhookStore webhooks(Seal seal) {
        return new SqlWebhookStore(foundation, seal);
    }

    /// The settings of processors, in the form that `codec` writes.
    public ProcessorStore processors(SettingsCodec codec) {
        return new SqlProcessorStore(foundation, codec);
    }

    /// What has been written through here.
    public WriteFigures figures() {
        return database.figures();
    }

    /// How many connections to the database are open.
    public int connections() {
        return database.connections();
    }

    public Dialect dialect() {
        return database.dialect();
    }

    /// For tests of the package, and for measuring.
    Database database() {
        return database;
    }

    Ids.Range takeIds(int size) {
        return ids.take(size);
    }

    /// Waits for writes under way.
    @Override
    public synchronized void close() {
        bulletin.ifPresent(Bulletin::close);
        database.close();
    }
}
