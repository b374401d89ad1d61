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
import java.util.List;
import java.util.Map;

/// Durable fires a second with an empty action and history kept, beside a bare loop of the same
/// SQL. The two take turns, on the same database.
public final class FireBench implements Bench {
    private static final int WARM_UP_A_SECOND = 5_000;
    static final Performer NOTHING = _ -> new Outcome.Succeeded(Output.NONE);

    private final int rounds;
    private final Duration length;
    private final int nodes;

    /// Each of the rounds takes about `length`, twice. More than one of the `nodes` need a database
    /// that nodes can share; they are engines in this process.
    public FireBench(int rounds, Duration length, int nodes) {
        this.rounds = rounds;
        this.length = length;
        this.nodes = nodes;
    }

    @Override
    public Result run(Place place) throws InterruptedException {
        return run(place, new ArrayList<>());
    }

    /// With one node more at each call.
    private Result run(Place place, List<Rig> open) throws InterruptedException {
        if (open.size() == nodes) {
            return measure(place, open);
        }
        try (var rig = open.isEmpty() ? place.open() : place.openNode(open.size() + 1)) {
            open.add(rig);
            return run(place, open);
        }
    }

    private Result measure(Place place, List<Rig> open) throws InterruptedException {
        var rig = open.getFirst();
        var bareLoop = new BareStatements(rig.stores(), new Holder("bare", 0));
        var backlog = new Backlog(open, NOTHING, Engine.Limits.DEFAULT);
        bare(rig, bareLoop, length);
        long warmUp = WARM_UP_A_SECOND * length.toMillis() / 1_000;
        double guess = backlog.rate(warmUp, new Nothing());
        var fires = new ArrayList<Double>();
        var bare = new ArrayList<Double>();
        for (int round = 0; round < rounds; round++) {
            bare.add(bare(rig, bareLoop, length));
            fires.add(backlog.rate((long) (guess * length.toMillis() / 1e3), new Nothing()));
        }
        return new Result("fire", place.database(), new Spread(fires), new Spread(bare), figures());
    }

    private Map<String, Object> figures() {
        return nodes == 1
                ? Map.of("slots_per_task", Backlog.SLOTS)
                : Map.of("slots_per_task", Backlog.SLOTS, "nodes", nodes);
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
