package carillon.bench;

import carillon.action.PromptCall;
import carillon.ai.AdministratorModels;
import carillon.ai.AdministratorModels.Grant;
import carillon.ai.Endpoint;
import carillon.ai.Provider;
import carillon.budget.Budgets;
import carillon.budget.Treasury;
import carillon.egress.AllowList;
import carillon.egress.Egress;
import carillon.egress.EgressRequest;
import carillon.egress.EgressSettings;
import carillon.engine.Engine;
import carillon.perform.ChatClients;
import carillon.perform.HttpPerformer;
import carillon.perform.MeteredChat;
import carillon.perform.Performers;
import carillon.perform.PromptPerformer;
import carillon.perform.Questions;
import carillon.perform.Ways;
import carillon.quota.Quotas;
import carillon.run.Output;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Prompts answered a second by a local model in a process of its own that thinks for a while, with
/// their responses on disk, beside a bare loop of the HTTP client with as many callers against the
/// same model. The two take turns. Nothing can be faster than `inFlight` in the time of one answer.
public final class PromptBench implements Bench {
    private static final Duration THINKING = Duration.ofMillis(300);
    private static final String TEXT = "What is the time? Answer in one word.";
    private static final String BODY =
            """
            {"model":"bench","messages":[{"role":"user","content":"%s"}],"stream":true,\
            "stream_options":{"include_usage":true}}\
            """
                    .formatted(TEXT);
    private static final int MIB = 1024 * 1024;

    private final int rounds;
    private final Duration length;
    private final int inFlight;

    /// Each of the rounds takes about `length`, twice; `inFlight` questions are open at once.
    public PromptBench(int rounds, Duration length, int inFlight) {
        this.rounds = rounds;
        this.length = length;
        this.inFlight = inFlight;
    }

    @Override
    public Result run(Place place) throws IOException, InterruptedException {
        try (var model = Child.start("bench", "model", Long.toString(THINKING.toMillis()));
                var rig = place.open();
                var egress = egress()) {
            int port = Integer.parseInt(model.readLine(), 10);
            var url = URI.create("http://127.0.0.1:" + port + "/v1");
            var defaults = Engine.Limits.DEFAULT;
            var limits = new Engine.Limits(inFlight, defaults.maxLeased(), defaults.leaseTime());
            var backlog = new Backlog(rig, performers(rig, egress, url), limits);
            var call = PromptCall.of("bench", TEXT);
            double ideal = inFlight / (THINKING.toMillis() / 1e3);
            long runs = Math.max(inFlight, (long) (ideal * length.toMillis() / 1e3));
            bare(egress, url, Duration.ofSeconds(2));
            backlog.rate(Math.max(inFlight, runs / 3), call);
            var answered = new ArrayList<Double>();
            var bare = new ArrayList<Double>();
            double busy = 0;
            for (int round = 0; round < rounds; round++) {
                bare.add(bare(egress, url, length));
                forgetPeaks();
                double before = processorSeconds();
                answered.add(backlog.rate(runs, call));
                busy += processorSeconds() - before;
            }
            Map<String, Object> more = new LinkedHashMap<>();
            more.put("in_flight", inFlight);
            more.put("ideal_rate", ideal);
            more.put("of_ideal", new Spread(answered).median() / ideal);
            more.put("processor_ms_each", busy * 1_000 / (runs * rounds));
            more.put("heap_peak_mib", peakMib());
            more.put("heap_max_mib", (double) Runtime.getRuntime().maxMemory() / MIB);
            return new Result(
                    "prompt", place.database(), new Spread(answered), new Spread(bare), more);
        }
    }

    private static Performers performers(Rig rig, Egress egress, URI url) {
        var time = rig.time();
        var endpoint = new Endpoint(url, Optional.empty(), Endpoint.Source.CALLER);
        var models = new AdministratorModels(List.of(new Grant(Provider.OPENAI, "", endpoint)));
        var quotas = new Quotas(rig.stores().quotas(), time);
        var clients = new ChatClients(new Ways(egress, egress), time, quotas::told);
        var chat = new MeteredChat(clients, quotas);
        var stores = rig.stores();
        var budgets = new Budgets(stores.budgets(), time);
        var cashier = new Treasury(budgets, stores.budgets(), stores.tasks(), time);
        return new Performers(
                new HttpPerformer(egress, time, Map.of()),
                new PromptPerformer(Questions.LITERAL, models, chat, cashier, time));
    }

    private Egress egress() {
        return Egress.open(
                new EgressSettings(
                        AllowList.of(List.of("127.0.0.1")), Set.of(), inFlight, "Carillon bench"));
    }

    private double bare(Egress egress, URI url, Duration span) throws IOException {
        var request =
                new EgressRequest(
                        "POST",
                        URI.create(url + "/chat/completions"),
                        Map.of("Content-Type", "application/json"),
                        Optional.of(BODY),
                        Duration.ofSeconds(30),
                        Output.MAX_KEPT);
        return BareCalls.rate(egress, request, inFlight, span);
    }

    /// Of this process, since its start.
    private static double processorSeconds() {
        var busy = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        return busy.toMillis() / 1e3;
    }

    private static List<MemoryPoolMXBean> heap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
    }

    private static void forgetPeaks() {
        heap().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    /// What the parts of the heap held at most, each at its own time.
    private static double peakMib() {
        return heap().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum()
                / (double) MIB;
    }
}
