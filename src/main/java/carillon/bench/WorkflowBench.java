package carillon.bench;

import carillon.action.Action;
import carillon.action.Nothing;
import carillon.action.Step;
import carillon.action.Workflow;
import carillon.egress.AllowList;
import carillon.egress.Egress;
import carillon.egress.EgressSettings;
import carillon.engine.Engine;
import carillon.perform.Conducting;
import carillon.perform.HttpPerformer;
import carillon.perform.Performers;
import carillon.perform.PromptPerformer;
import carillon.perform.StepPerformer;
import carillon.run.Endings;
import carillon.run.Run;
import carillon.run.RunState;
import carillon.run.Runs;
import carillon.run.Trigger;
import carillon.task.Policies;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Steps of workflows a second, each step empty, beside fires of an empty action: ten thousand at
/// once, and the time a step takes among a hundred, and in a chain of a thousand.
public final class WorkflowBench implements Bench {
    private static final int MANY = 10_000;
    private static final int FEW = 100;
    private static final int TIMES_FEW = 20;
    private static final int CHAIN = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final int rounds;

    public WorkflowBench(int rounds) {
        this.rounds = rounds;
    }

    @Override
    public Result run(Place place) throws InterruptedException {
        var settings = new EgressSettings(AllowList.EMPTY, Set.of(), 1, "Carillon bench");
        try (var rig = place.open();
                var egress = Egress.open(settings)) {
            var backlog = new Backlog(rig, FireBench.NOTHING, Engine.Limits.DEFAULT);
            var fires = new ArrayList<Double>();
            var steps = new ArrayList<Double>();
            var few = new ArrayList<Double>();
            var chain = new ArrayList<Double>();
            for (int round = 0; round <= rounds; round++) {
                double rate = backlog.rate(MANY, new Nothing());
                var times = times(rig, egress);
                if (round > 0) { // The first warms up.
                    fires.add(rate);
                    steps.add(MANY / times.many);
                    few.add(times.few * 1e3 / (FEW * TIMES_FEW));
                    chain.add(times.chain * 1e3 / CHAIN);
                }
            }
            double many = 1e3 / new Spread(steps).median();
            var more = new LinkedHashMap<String, Object>();
            more.put("ms_per_step_of_10000", many);
            more.put("ms_per_step_of_100", new Spread(few).median());
            more.put("times_that_of_100", many / new Spread(few).median());
            more.put("ms_per_step_of_a_chain", new Spread(chain).median());
            return new Result(
                    "workflow", place.database(), new Spread(steps), new Spread(fires), more);
        }
    }

    /// In seconds.
    private record Times(double many, double few, double chain) {}

    private static Times times(Rig rig, Egress egress) throws InterruptedException {
        var endings = new Endings();
        var stores = rig.stores();
        var conducting =
                new Conducting(
                        new Conducting.Stores(
                                stores.families(),
                                stores.leases(),
                                stores.runs(),
                                stores.tasks(),
                                stores.oneShots(),
                                stores.batches()),
                        endings,
                        rig.time());
        var performers =
                new Performers(
                        new HttpPerformer(egress, rig.time(), Map.of()),
                        PromptPerformer.echoing(rig.time()),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(conducting));
        var performer =
                new StepPerformer(performers, stores.runs(), stores.runEvents(), rig.time());
        try (var turning = rig.turn(performer, Engine.Limits.DEFAULT, endings)) {
            conducting.connect(turning.intake());
            var runs =
                    new Runs(
                            stores.tasks(),
                            stores.runs(),
                            stores.leases(),
                            turning.intake(),
                            endings,
                            rig.time());
            double many = seconds(runs, make(rig, Workflow.Shape.PARALLEL, MANY), 1);
            double few = seconds(runs, make(rig, Workflow.Shape.PARALLEL, FEW), TIMES_FEW);
            double chain = seconds(runs, make(rig, Workflow.Shape.LINEAR, CHAIN), 1);
            return new Times(many, few, chain);
        }
    }

    private static TaskId make(Rig rig, Workflow.Shape shape, int count) {
        var steps = new ArrayList<Step>();
        for (int i = 0; i < count; i++) {
            steps.add(
                    new Step(
                            "s" + i,
                            new Nothing(),
                            List.of(),
                            new Step.Rank(i, 0),
                            Optional.empty(),
                            Step.Feed.NOTHING,
                            Step.Tries.STOP));
        }
        Action action = new Workflow(shape, steps);
        var definition =
                new TaskDefinition(
                        "bench", "", Optional.empty(), action, Policies.DEFAULT, Map.of());
        return rig.create(1, rig.time().instant(), _ -> definition).getFirst();
    }

    /// How long so many runs take, one after another.
    private static double seconds(Runs runs, TaskId task, int times) throws InterruptedException {
        long begin = System.nanoTime();
        for (int i = 0; i < times; i++) {
            var run = runs.trigger(task, Trigger.MANUAL).orElseThrow();
            var state = runs.await(run.id(), PATIENCE).map(Run::state);
            if (!state.equals(Optional.of(RunState.SUCCEEDED))) {
                throw new IllegalStateException("a workflow ended as " + state);
            }
        }
        return (System.nanoTime() - begin) / 1e9;
    }
}
