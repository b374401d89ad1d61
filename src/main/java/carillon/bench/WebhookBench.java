package carillon.bench;

import carillon.action.HttpCall;
import carillon.egress.AllowList;
import carillon.egress.Egress;
import carillon.egress.EgressRequest;
import carillon.egress.EgressSettings;
import carillon.engine.Engine;
import carillon.perform.HttpPerformer;
import carillon.perform.Performers;
import carillon.perform.PromptPerformer;
import carillon.run.Output;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Durable webhooks delivered a second to a local sink in a process of its own, beside a bare loop
/// of the same client with as many callers against the same sink. The two take turns.
public final class WebhookBench implements Bench {
    private static final int WARM_UP = 20_000;
    private static final String BODY = "{\"hello\":\"carillon\"}";
    private static final Map<String, String> HEADERS = Map.of("Content-Type", "application/json");

    private final int rounds;
    private final Duration length;
    private final int concurrency;

    /// Each of the rounds takes about `length`, twice; `concurrency` requests are under way at
    /// once.
    public WebhookBench(int rounds, Duration length, int concurrency) {
        this.rounds = rounds;
        this.length = length;
        this.concurrency = concurrency;
    }

    @Override
    public Result run(Place place) throws IOException, InterruptedException {
        try (var sink = Child.start("bench", "sink");
                var rig = place.open();
                var egress = egress()) {
            var url = Sink.url(Integer.parseInt(sink.readLine(), 10));
            var performer =
                    new Performers(
                            new HttpPerformer(egress, rig.time(), Map.of()),
                            PromptPerformer.echoing(rig.time()));
            var defaults = Engine.Limits.DEFAULT;
            var limits = new Engine.Limits(concurrency, defaults.maxLeased(), defaults.leaseTime());
            var backlog = new Backlog(rig, performer, limits);
            bare(egress, url, Duration.ofSeconds(2));
            double guess = backlog.rate(WARM_UP, call(url));
            var delivered = new ArrayList<Double>();
            var bare = new ArrayList<Double>();
            for (int round = 0; round < rounds; round++) {
                bare.add(bare(egress, url, length));
                delivered.add(backlog.rate((long) (guess * length.toMillis() / 1e3), call(url)));
            }
            return new Result(
                    "webhook",
                    place.database(),
                    new Spread(delivered),
                    new Spread(bare),
                    Map.of("concurrency", concurrency));
        }
    }

    private Egress egress() {
        return Egress.open(
                new EgressSettings(
                        AllowList.of(List.of("127.0.0.1")),
                        Set.of(),
                        concurrency,
                        "Carillon bench"));
    }

    private static HttpCall call(URI url) {
        return new HttpCall(
                url,
                "POST",
                HEADERS,
                Optional.of(BODY),
                Optional.empty(),
                Set.of(),
                Optional.empty());
    }

    private double bare(Egress egress, URI url, Duration length) throws IOException {
        var request =
                new EgressRequest(
                        "POST",
                        url,
                        HEADERS,
                        Optional.of(BODY),
                        Duration.ofSeconds(30),
                        Output.MAX_KEPT);
        return BareCalls.rate(egress, request, concurrency, length);
    }
}
