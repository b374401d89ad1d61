package carillon.perform;

import carillon.action.PromptCall;
import carillon.ai.Defaults;
import carillon.ai.Endpoint;
import carillon.ai.Limits;
import carillon.ai.Model;
import carillon.ai.Prices;
import carillon.ai.Provider;
import carillon.ai.Terms;
import carillon.budget.Budgets;
import carillon.budget.Treasury;
import carillon.egress.AllowList;
import carillon.egress.Egress;
import carillon.egress.EgressSettings;
import carillon.json.TaskJson;
import carillon.run.Lease;
import carillon.run.Outcome;
import carillon.store.StoreSettings;
import carillon.store.Stores;
import carillon.task.Budget;
import carillon.task.Processing;
import carillon.task.TaskDefinition;
import carillon.task.TaskLists;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/// Attempts that ask models at a real server and pay for it from a real store.
final class PaidPrompts implements AutoCloseable {
    /// What one token costs, in nanodollars: $1,000 a million.
    static final long TOKEN = 1_000_000;

    /// What a question of `Hello` with an answer of at most 10 tokens reserves: 16 + 5 + 10 tokens.
    static final long BOUND = 31 * TOKEN;

    private static final Prices DEAR = new Prices(new BigDecimal(1_000), new BigDecimal(1_000));
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final EgressSettings closed =
            new EgressSettings(AllowList.EMPTY, Set.of(), 500, "Carillon/test");
    private final Egress egress = Egress.open(closed.allowingHosts(List.of("127.0.0.1")));
    private final Map<String, Model> models = new HashMap<>();
    private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private final InstantSource time = () -> now;
    final Stores stores;
    final Budgets budgets;
    final Treasury treasury;
    private final PromptPerformer performer;

    PaidPrompts(StoreSettings settings) {
        stores = Stores.open(settings, TaskJson.codec(), TaskLists.NONE, time);
        budgets = new Budgets(stores.budgets(), time);
        treasury = new Treasury(budgets, stores.budgets(), stores.tasks(), time);
        var chat = new ChatClients(new Ways(egress, egress), InstantSource.system());
        performer =
                new PromptPerformer(
                        Questions.LITERAL,
                        name -> Optional.ofNullable(models.get(name)),
                        MeteredChat.unmetered(chat),
                        treasury,
                        InstantSource.system());
    }

    void set(Instant to) {
        now = to;
    }

    Instant now() {
        return now;
    }

    /// A model that answers with at most 10 tokens, each of which costs what one of the question
    /// does.
    void model(String name, URI url, Optional<Prices> prices, String... fallbacks) {
        var defaults =
                new Defaults(
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        OptionalInt.of(10),
                        Optional.empty());
        models.put(
                name,
                new Model(
                        name,
                        Provider.OPENAI,
                        name,
                        Optional.of(new Endpoint(url, Optional.empty(), Endpoint.Source.CALLER)),
                        defaults,
                        new Terms(prices, Limits.NONE),
                        List.of(fallbacks),
                        TIMEOUT));
    }

    void dear(String name, URI url, String... fallbacks) {
        model(name, url, Optional.of(DEAR), fallbacks);
    }

    static Lease lease(Optional<Budget> budget, Map<String, String> tags) {
        var call = PromptCall.of("dear", "Hello");
        var lease = Leases.of(call, 1, TIMEOUT, "native");
        var plain = lease.definition();
        var definition =
                new TaskDefinition(
                        plain.name(),
                        "",
                        Optional.empty(),
                        call,
                        plain.policies(),
                        tags,
                        budget,
                        Processing.NONE);
        return new Lease(lease.run(), definition, "native", lease.holder());
    }

    Outcome ask(Lease lease) throws InterruptedException {
        return performer.perform((PromptCall) lease.definition().action(), lease);
    }

    Outcome ask(Budget budget) throws InterruptedException {
        return ask(lease(Optional.of(budget), Map.of()));
    }

    /// An answer of OpenAI that says what it took.
    static String answer(int inputTokens, int outputTokens) {
        return """
        {"id":"c1","object":"chat.completion","created":1,"model":"gpt-x",
         "choices":[{"index":0,"finish_reason":"stop",
           "message":{"role":"assistant","content":"Hi"}}],
         "usage":{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d}}
        """
                .formatted(inputTokens, outputTokens, inputTokens + outputTokens);
    }

    @Override
    public void close() {
        egress.close();
        stores.close();
    }
}
