package carillon.faults;

import carillon.run.RunState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Nodes over one PostgreSQL, disturbed round after round ([Disturbance]). Then what they have
/// written down is compared with what the outside world saw (PROMISES R2, R3, R4, R13).
///
/// `NodesUnderFire FOLDER DISTURBANCE [ROUNDS [RATE]]`: `RATE` tasks fire once a second each.
final class NodesUnderFire {
    private final Trial trial;
    private final Disturbance disturbance;
    private final int rounds;
    private final int rate;

    private NodesUnderFire(Trial trial, Disturbance disturbance) {
        this.trial = trial;
        this.disturbance = disturbance;
        this.rounds = trial.number(1, 1, disturbance.rounds());
        this.rate = trial.number(2, 50, 200);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var disturbance = Disturbance.named(arguments[1]);
        Trial.main(
                disturbance.promise(),
                arguments,
                trial -> new NodesUnderFire(trial, disturbance).run());
    }

    private String run() throws IOException, InterruptedException {
        var log = trial.folder().resolve("outside.log");
        try (var outside = Outside.start(trial.folder(), log);
                var database = PostgresServer.start(trial.folder().resolve("postgres"))) {
            var nodes = Nodes.start(trial.folder(), database.settings(), places());
            Load load;
            try {
                load = torture(nodes, database, outside.target() + disturbance.path());
            } finally {
                nodes.killAll();
            }
            var books = Comparison.read(database.settings(), log, load.tasks(), load.runs());
            trial.faults(books.faults());
            disturbance.judge(books, trial);
            return figure(books, load);
        }
    }

    private List<Nodes.Place> places() throws IOException {
        var places = new ArrayList<Nodes.Place>();
        for (int i = 0; i < disturbance.nodes(); i++) {
            places.add(disturbance.place(i, trial.folder()));
        }
        return places;
    }

    private Load torture(Nodes nodes, PostgresServer database, String target)
            throws IOException, InterruptedException {
        var load = new Load(nodes.callers(), target, 50);
        load.begin(rate);
        var scene = new Disturbance.Scene(nodes, database, trial, RandomGenerator.getDefault());
        for (int round = 1; round <= rounds; round++) {
            disturbance.round(scene);
            trial.say("round " + round + " of " + rounds);
        }
        load.end();
        nodes.callers().getFirst().pauseAll();
        // What was under way comes to its end.
        TimeUnit.MILLISECONDS.sleep(Disturbance.LEASE.plusSeconds(3).toMillis());
        for (int exit : nodes.stop()) {
            trial.fault("a node stopped with " + exit);
        }
        return load;
    }

    private String figure(Comparison books, Load load) {
        var late = books.lateness();
        var latest = late.getLast();
        disturbance.takeover().ifPresent(most -> trial.atMost(most, latest, "the latest run"));
        trial.say("the latest: " + books.latest());
        trial.say(
                "tasks acknowledged %d, runs acknowledged %d, runs %d, hits %d"
                        .formatted(
                                load.tasks().size(),
                                load.runs().size(),
                                books.runs().size(),
                                books.hits().size()));
        trial.say(
                "succeeded %d, failed %d, skipped %d, missed %d"
                        .formatted(
                                books.ended(RunState.SUCCEEDED),
                                books.ended(RunState.FAILED),
                                books.ended(RunState.SKIPPED),
                                books.ended(RunState.MISSED)));
        return ("%d rounds, %d runs: %d faults, %d taken over, %d seen twice, same id;"
                        + " late p50 %d, p99 %d, max %d ms")
                .formatted(
                        rounds,
                        books.runs().size(),
                        books.faults().size(),
                        books.rescued(),
                        books.doubled(),
                        late.get(late.size() / 2).toMillis(),
                        late.get(late.size() * 99 / 100).toMillis(),
                        latest.toMillis());
    }
}
