package carillon.bench;

import carillon.action.PromptCall;
import carillon.ai.AdministratorModels;
import carillon.ai.AdministratorModels.Grant;
import carillon.ai.Chat;
import carillon.ai.Endpoint;
import carillon.ai.Limits;
import carillon.ai.Model;
import carillon.ai.ModelSource;
import carillon.ai.Prices;
import carillon.ai.Provider;
import carillon.ai.Reply;
import carillon.ai.Terms;
import carillon.budget.Budgets;
import carillon.budget.Cashier;
import carillon.budget.Treasury;
import carillon.engine.Engine;
import carillon.perform.MeteredChat;
import carillon.perform.PromptPerformer;
import carillon.perform.Questions;
import carillon.quota.Quotas;
import carillon.run.Lease;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.run.Performer;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What the checks of quotas and budgets cost where there are none: questions a second to a model
/// that answers at once, beside the same with nobody checking. The two take turns. What the model
/// said is thrown away, so that a run costs as much as that of an empty action. `counted_rate` is
/// the same with a limit so high that it never holds anybody back, so that each call is counted in
/// the database.
public final class ChecksBench implements Bench {
    private static final int WARM_UP = 20_000;
    private static final Chat AT_ONCE = (_, _, _) -> new Reply.Answer("ok", Optional.empty());
    private static final PromptCall CALL = PromptCall.of("bench", "What is the time?");

    private final int rounds;
    private final Duration length;

    /// Each of the rounds takes about `length`, three times.
    public ChecksBench(int rounds, Duration length) {
        this.rounds = rounds;
        this.length = length;
    }

    @Override
    public Result run(Place place) throws InterruptedException {
        try (var rig = place.open()) {
            var quotas = new Quotas(rig.stores().quotas(), rig.time());
            var budgets = new Budgets(rig.stores().budgets(), rig.time());
            var treasury =
                    new Treasury(budgets, rig.stores().budgets(), rig.stores().tasks(), rig.time());
            var free = model(Limits.NONE);
            var counted =
                    model(
                            new Limits(
                                    OptionalLong.of(Limits.MAX),
                                    OptionalLong.empty(),
                                    OptionalLong.empty()));
            var unmetered = backlog(rig, free, MeteredChat.unmetered(AT_ONCE), Cashier.UNLIMITED);
            var metered = backlog(rig, free, new MeteredChat(AT_ONCE, quotas), treasury);
            var counting = backlog(rig, counted, new MeteredChat(AT_ONCE, quotas), treasury);
            metered.rate(WARM_UP, CALL);
            long fires = fires(unmetered.rate(WARM_UP, CALL));
            long countedFires = fires(counting.rate(WARM_UP / 10, CALL));
            var without = new ArrayList<Double>();
            var with = new ArrayList<Double>();
            var each = new ArrayList<Double>();
            for (int round = 0; round < rounds; round++) {
                without.add(unmetered.rate(fires, CALL));
                with.add(metered.rate(fires, CALL));
                each.add(counting.rate(countedFires, CALL));
            }
            Map<String, Object> more = new LinkedHashMap<>();
            more.put("slots_per_task", Backlog.SLOTS);
            more.put("counted_rate", new Spread(each).median());
            return new Result(
                    "checks", place.database(), new Spread(with), new Spread(without), more);
        }
    }

    private long fires(double rate) {
        return (long) (rate * length.toMillis() / 1e3);
    }

    private static Backlog backlog(Rig rig, ModelSource models, MeteredChat chat, Cashier cashier) {
        var prompts = new PromptPerformer(Questions.LITERAL, models, chat, cashier, rig.time());
        return new Backlog(rig, new Forgetting(prompts), Engine.Limits.DEFAULT);
    }

    /// At an address that is never called.
    private static ModelSource model(Limits limits) {
        var url = URI.create("http://127.0.0.1:9/v1");
        var endpoint = new Endpoint(url, Optional.empty(), Endpoint.Source.CALLER);
        var grant = new Grant(Provider.OPENAI, "", endpoint);
        var granted = new AdministratorModels(List.of(grant));
        return name -> granted.find(name).map(found -> limited(found, limits));
    }

    private static Model limited(Model model, Limits limits) {
        return new Model(
                model.name(),
                model.provider(),
                model.model(),
                model.endpoint(),
                model.defaults(),
                new Terms(Optional.of(new Prices(BigDecimal.ONE, BigDecimal.ONE)), limits),
                model.fallbacks(),
                model.timeout());
    }

    /// Asks, and keeps nothing of the answer.
    private record Forgetting(PromptPerformer prompts) implements Performer {
        @Override
        public Outcome perform(Lease lease) throws InterruptedException {
            var outcome = prompts.perform(CALL, lease);
            return outcome instanceof Outcome.Succeeded
                    ? new Outcome.Succeeded(Output.NONE)
                    : outcome;
        }
    }
}
