package carillon.engine;

import carillon.run.Endings;
import carillon.run.Lease;
import carillon.run.Performer;
import carillon.run.Runs;
import carillon.task.TaskStore;
import carillon.task.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// A node without threads: its duties and attempts move when the simulation says so.
final class SimulatedNode {
    static final Engine.Limits LIMITS = new Engine.Limits(8, 40, Duration.ofSeconds(10));

    private static final int MAX_ROUNDS = 16;

    private final String name;
    private final Engine.Stores stores;
    private final TaskStore taskStore;
    private final World world;
    private final List<Runnable> attempts = new ArrayList<>();
    private Clockwork clockwork;
    private boolean alive = true;
    private Instant stalledUntil = Instant.MIN;
    private Duration ahead = Duration.ZERO;

    /// What a node needs of its surroundings; `time` is right.
    record World(InstantSource time, RandomGenerator dice, Performer performer) {}

    SimulatedNode(String name, Engine.Stores stores, TaskStore taskStore, World world) {
        this.name = name;
        this.stores = stores;
        this.taskStore = taskStore;
        this.world = world;
        this.clockwork = newClockwork();
    }

    private Clockwork newClockwork() {
        var means = new Means(this::perform, attempts::add, this::clock, this::nanos, world.dice);
        var retention = new Pruner.Retention(Duration.ofDays(30), 1_000_000);
        return new Clockwork(name, stores, LIMITS, retention, means, new Endings());
    }

    /// What it thinks the time is.
    private Instant clock() {
        return world.time.instant().plus(ahead);
    }

    /// Set by somebody, or by a program that is to set it right.
    void setClock(Duration wrong) {
        ahead = wrong;
    }

    private long nanos() {
        return Duration.between(Instant.EPOCH, world.time.instant()).toNanos();
    }

    private carillon.run.Outcome perform(Lease lease) throws InterruptedException {
        return world.performer.perform(lease);
    }

    boolean isMoving(Instant now) {
        return alive && !stalledUntil.isAfter(now);
    }

    boolean isAlive() {
        return alive;
    }

    /// Its process is gone, with everything in memory. Attempts under way may still have reached
    /// their targets.
    void die() {
        alive = false;
        attempts.removeIf(_ -> world.dice.nextBoolean());
        List.copyOf(attempts).forEach(Runnable::run); // The ends go to a dead completer.
        attempts.clear();
    }

    void restart() {
        alive = true;
        stalledUntil = Instant.MIN;
        clockwork = newClockwork();
    }

    void stallUntil(Instant until) {
        stalledUntil = until;
    }

    /// Runs one of the duties, as the dice decide.
    void step() {
        duties().get(world.dice.nextInt(duties().size())).runOnce(clock());
    }

    /// Runs all duties and all attempts, then those that lead to the next attempts, as long as
    /// there are some.
    void turn() {
        boolean moves = turn(duties());
        for (int i = 0; i < MAX_ROUNDS && moves; i++) {
            moves =
                    turn(
                            List.of(
                                    clockwork.claimer(),
                                    clockwork.dispatcher(),
                                    clockwork.gate(),
                                    clockwork.completer()));
        }
    }

    private boolean turn(List<Duty> some) {
        boolean moves = false;
        for (var duty : some) {
            duty.runOnce(clock());
            boolean finished = false;
            while (finishOneAttempt()) {
                finished = true;
            }
            if (finished) {
                clockwork.completer().runOnce(clock());
                moves = true;
            }
        }
        return moves;
    }

    private List<Duty> duties() {
        return List.of(
                clockwork.membership(),
                clockwork.planner(),
                clockwork.claimer(),
                clockwork.dispatcher(),
                clockwork.gate(),
                clockwork.completer(),
                clockwork.rescuer(),
                clockwork.supervisor());
    }

    boolean finishOneAttempt() {
        if (attempts.isEmpty()) {
            return false;
        }
        attempts.remove(world.dice.nextInt(attempts.size())).run();
        return true;
    }

    Tasks tasks() {
        return new Tasks(taskStore, clockwork.planner(), this::agreed);
    }

    Runs runs() {
        return new Runs(
                taskStore,
                stores.runs(),
                stores.leases(),
                clockwork.dispatcher(),
                new Endings(),
                this::agreed);
    }

    private Instant agreed() {
        return clockwork.membership().agreed(clock());
    }

    @Override
    public String toString() {
        return name;
    }
}
