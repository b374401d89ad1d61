package carillon.engine;

import carillon.action.Nothing;
import carillon.cluster.Node;
import carillon.cluster.NodeStore;
import carillon.run.Lease;
import carillon.run.LeaseStore;
import carillon.run.Ledgers;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.run.RunQuery;
import carillon.run.SlotStore;
import carillon.run.Trigger;
import carillon.schedule.Every;
import carillon.schedule.Timetable;
import carillon.store.Stores;
import carillon.task.ConcurrencyPolicy;
import carillon.task.Delivery;
import carillon.task.MisfirePolicy;
import carillon.task.Policies;
import carillon.task.RetryOn;
import carillon.task.RetryPolicy;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskQuery;
import carillon.task.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// A small world: a few nodes, a few tasks, one store, one clock, one pair of dice.
final class Simulation implements AutoCloseable {
    private static final int MAX_TASKS = 6;
    private static final int NEWEST = 24;

    /// Longer than a lease.
    private static final int MIN_CALM = 4;

    private static final Duration CALM_STEP = Duration.ofSeconds(3);

    /// Of runs that wait for each other there can be hundreds.
    private static final int MAX_CALM = 1_000;

    private static final double FAULT_RATE = 0.03;

    private final RandomGenerator dice;
    private final Stores stores;
    private final FaultyStore faults;
    private final LedgerModel model;
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private int checks;
    private long commitsChecked = -1;
    private List<Task> tasks = List.of();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    Simulation(Function<InstantSource, Stores> open, long seed, int size) {
        dice = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        stores = open.apply(() -> now);
        faults = new FaultyStore(dice);
        var leaseClock = new TrueClock(() -> now);
        model =
                new LedgerModel(
                        stores.runs(), new Ledgers(stores.tasks(), stores.runs(), () -> now));
        var faulty =
                new Engine.Stores(
                        faults.wrap(SlotStore.class, stores.slots()),
                        faults.wrap(
                                LeaseStore.class,
                                leaseClock.judge(LeaseStore.class, stores.leases())),
                        stores.runs(),
                        stores.events(),
                        faults.wrap(
                                NodeStore.class,
                                leaseClock.judge(NodeStore.class, stores.nodes())));
        var world = new SimulatedNode.World(() -> now, dice, this::perform);
        for (int i = 0; i < size; i++) {
            nodes.add(new SimulatedNode("node-" + i, faulty, stores.tasks(), world));
        }
        faults.rate(FAULT_RATE);
    }

    private Outcome perform(Lease lease) {
        var outcome = outcome();
        switch (outcome) {
            case Outcome.Succeeded _, Outcome.Failed _ ->
                    model.performed(lease, outcome, now.plus(Node.MAX_SKEW));
            case Outcome.Postponed _, Outcome.Skipped _ -> {} // The world sees nothing of these.
        }
        return outcome;
    }

    private Outcome outcome() {
        return switch (dice.nextInt(16)) {
            case 0, 1, 2, 3 -> Outcome.Failed.of("bad luck", RetryOn.OTHER);
            case 4 -> new Outcome.Postponed("not now", now.plusMillis(dice.nextInt(900)));
            case 5 -> new Outcome.Skipped("by a rule");
            default -> new Outcome.Succeeded(Output.NONE);
        };
    }

    /// One event, of the world or of a node.
    void happen() {
        passTime();
        var node = nodes.get(dice.nextInt(nodes.size()));
        if (!node.isAlive()) {
            if (dice.nextInt(20) == 0) {
                node.restart();
            }
            return;
        }
        if (!node.isMoving(now)) {
            return;
        }
        switch (dice.nextInt(100)) {
            case 0 -> node.die();
            case 1, 2, 3 -> node.stallUntil(now.plusSeconds(dice.nextInt(25)));
            case 4 -> node.setClock(wrong());
            case 5, 6, 7, 8 -> {
                guarded(() -> somebodyActs(node));
                tasks = allTasks();
            }
            case 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 -> node.finishOneAttempt();
            default -> guarded(() -> node.step());
        }
    }

    /// Mostly within what a node may work with.
    private Duration wrong() {
        int most = dice.nextInt(10) == 0 ? 30_000 : 4_000;
        return Duration.ofMillis(dice.nextInt(-most, most + 1));
    }

    private void passTime() {
        int draw = dice.nextInt(200);
        if (draw == 0) {
            now = now.plusSeconds(dice.nextInt(60)); // Nobody did anything for a while.
        } else if (draw < 100) {
            now = now.plusMillis(dice.nextInt(600));
        }
    }

    private static void guarded(Runnable action) {
        try {
            action.run();
        } catch (FaultyStore.FaultException e) {
            // As the loop does: the duty is tried again, the caller gets an error.
        }
    }

    private void somebodyActs(SimulatedNode node) {
        if (tasks.isEmpty() || (tasks.size() < MAX_TASKS && dice.nextInt(3) == 0)) {
            create(node.tasks());
            return;
        }
        var task = tasks.get(dice.nextInt(tasks.size()));
        switch (dice.nextInt(8)) {
            case 0 -> node.tasks().pause(task.id());
            case 1, 2 -> node.tasks().resume(task.id());
            case 3, 4 -> node.runs().trigger(task.id(), Trigger.API);
            case 5 -> reschedule(node, task);
            case 6 -> cancelOne(node, task);
            default -> {
                if (dice.nextInt(10) == 0) {
                    node.tasks().delete(task.id());
                }
            }
        }
    }

    /// Another schedule and misfire policy; who may overlap stays as it was.
    private void reschedule(SimulatedNode node, Task task) {
        var kept = task.definition().policies();
        var changed = definition(kept.concurrency(), kept.delivery());
        node.tasks().update(task.id(), changed, OptionalInt.empty(), "somebody");
    }

    private void cancelOne(SimulatedNode node, Task task) {
        var query = new RunQuery(Optional.of(task.id()), Set.of(), OptionalLong.empty(), 0, 1);
        stores.runs().list(query).forEach(run -> node.runs().cancel(run.id(), "asked for"));
    }

    private void create(Tasks tasks) {
        var concurrency = ConcurrencyPolicy.values();
        var delivery = Delivery.values();
        var definition =
                definition(
                        concurrency[dice.nextInt(concurrency.length)],
                        delivery[dice.nextInt(delivery.length)]);
        var wanted =
                new Tasks.NewTask(
                        tasks.newId(), "native", definition, dice.nextInt(10) == 0, "somebody");
        tasks.create(wanted);
    }

    private TaskDefinition definition(ConcurrencyPolicy concurrency, Delivery delivery) {
        var kinds = MisfirePolicy.Kind.values();
        var misfire =
                new MisfirePolicy(
                        kinds[dice.nextInt(kinds.length)],
                        1 + dice.nextInt(5),
                        Duration.ofSeconds(dice.nextInt(60)));
        var retry =
                new RetryPolicy(
                        // A failure that is known may be retried; at most once is about the rest.
                        delivery == Delivery.AT_MOST_ONCE ? 1 : 1 + dice.nextInt(3),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(5),
                        2,
                        Set.of(RetryOn.OTHER));
        var policies =
                new Policies(
                        retry,
                        Duration.ofMinutes(10),
                        concurrency,
                        misfire,
                        delivery,
                        Duration.ofMillis(dice.nextInt(500)),
                        dice.nextInt(11));
        var schedule = new Every(Duration.ofMillis(300 + dice.nextInt(5_000)), now);
        return new TaskDefinition(
                "simulated",
                "",
                Optional.of(Timetable.of(schedule)),
                new Nothing(),
                policies,
                Map.of());
    }

    /// As they are now; those kept are as somebody left them.
    private List<Task> allTasks() {
        return stores.tasks().list(TaskQuery.newest(MAX_TASKS));
    }

    /// Where nothing was written there is nothing to look at. Most events touch few rows, so most
    /// checks look at the newest; now and then at all, and at the ledger, in which what is wrong
    /// stays wrong.
    void check() {
        long commits = stores.figures().commits();
        if (commits == commitsChecked) {
            return;
        }
        commitsChecked = commits;
        checks++;
        model.check(tasks, checks % 50 == 0 ? LedgerModel.EVERYTHING : NEWEST);
        if (checks % 10 == 0) {
            model.checkLedgers(tasks, now);
        }
    }

    /// No more faults, every task paused: what is open comes to its end. At last one node does so
    /// alone, with what the others leave behind.
    void calmDown() {
        faults.rate(0);
        nodes.stream().filter(node -> !node.isAlive()).forEach(SimulatedNode::restart);
        nodes.forEach(node -> node.stallUntil(now));
        nodes.forEach(node -> node.setClock(Duration.ZERO));
        now = now.plus(CALM_STEP);
        nodes.forEach(SimulatedNode::turn);
        var anyNode = nodes.getFirst();
        allTasks().forEach(task -> anyNode.tasks().pause(task.id()));
        nodes.stream().skip(1).forEach(SimulatedNode::die);
        boolean ended = false;
        for (int i = 0; i < MAX_CALM && !ended; i++) {
            now = now.plus(CALM_STEP);
            anyNode.turn();
            check();
            ended = i >= MIN_CALM && model.haveAllEnded();
        }
        model.checkLedgers(allTasks(), now);
        model.checkAllEnded(allTasks());
    }

    int attempts() {
        return model.attempts();
    }

    @Override
    public void close() {
        stores.close();
    }
}
