package carillon.bench;

import carillon.action.Nothing;
import carillon.cluster.Holder;
import carillon.engine.Engine;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.run.Performer;
import carillon.store.BareStatements;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;

/// Durable fires a second with an empty action and history kept, beside a bare loop of the same
/// SQL. The two take turns, on the same database.
public final class FireBench implements Bench {
    private static final int WARM_UP_A_SECOND = 5_000;
    static final Performer NOTHING = _ -> new Outcome.Succeeded(Output.NONE);

    private final int rounds;
    private final Duration length;

    /// Each of the rounds takes about `length`, twice.
    public FireBench(int rounds, Duration length) {
        this.rounds = rounds;
        this.length = length;
    }

    @Override
    public Result run(Place place) throws InterruptedException {
        try (var rig = place.open()) {
            var bareLoop = new BareStatements(rig.stores(), new Holder("bare", 0));
            var backlog = new Backlog(rig, NOTHING, Engine.Limits.DEFAULT);
            bare(rig, bareLoop, length);
            long warmUp = WARM_UP_A_SECOND * length.toMillis() / 1_000;
            double guess = backlog.rate(warmUp, new Nothing());
            var fires = new ArrayList<Double>();
            var bare = new ArrayList<Double>();
            for (int round = 0; round < rounds; round++) {
                bare.add(bare(rig, bareLoop, length));
                fires.add(backlog.rate((long) (guess * length.toMillis() / 1e3), new Nothing()));
            }
            return new Result(
                    "fire",
                    place.database(),
                    new Spread(fires),
                    new Spread(bare),
                    Map.of("slots_per_task", Backlog.SLOTS));
        }
    }

    private static double bare(Rig rig, BareStatements loop, Duration length) {
        long begin = System.nanoTime();
        long runs = 0;
        while (System.nanoTime() - begin < length.toNanos()) {
            loop.turn(rig.time().millis());
            runs += BareStatements.BATCH;
        }
        return runs / ((System.nanoTime() - begin) / 1e9);
    }
}
