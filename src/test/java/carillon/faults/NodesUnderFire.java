package carillon.faults;

import carillon.run.RunState;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Three nodes over one PostgreSQL. In each round one of them is killed with -9 and started again,
/// and another is stopped as a whole for longer than its lease and goes on. Then what they have
/// written down is compared with what the outside world saw (PROMISES R2, R3, R4).
///
/// `NodesUnderFire FOLDER ROUNDS RATE`: `RATE` tasks fire once a second each; a round takes 30 s.
/// Prints figures and PASS or FAIL, and exits with 1 when it failed.
final class NodesUnderFire {
    private static final Duration LEASE = Duration.ofSeconds(10);

    private final Path folder;
    private final int rounds;
    private final int rate;
    private final Shape shape;
    private final PrintStream out;
    private final RandomGenerator dice = RandomGenerator.getDefault();
    private final Queue<Long> tasks = new ConcurrentLinkedQueue<>();
    private final Queue<Long> runs = new ConcurrentLinkedQueue<>();
    private final List<String> faults = new ArrayList<>();
    private volatile boolean asking = true;

    /// What a round is, and how late a run may be because its node has gone.
    record Shape(
            Duration dead, Duration between, Duration stopped, Duration rest, Duration takeover) {
        static final Shape FULL =
                new Shape(
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(5),
                        LEASE.plusSeconds(5),
                        Duration.ofSeconds(7),
                        LEASE.plusSeconds(1));
    }

    NodesUnderFire(Path folder, int rounds, int rate, Shape shape, PrintStream out) {
        this.folder = folder;
        this.rounds = rounds;
        this.rate = rate;
        this.shape = shape;
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = Integer.parseInt(arguments[1]);
        int rate = Integer.parseInt(arguments[2]);
        var test = new NodesUnderFire(Path.of(arguments[0]), rounds, rate, Shape.FULL, System.out);
        System.exit(test.run().isEmpty() ? 0 : 1);
    }

    /// Runs the whole test; returns what was wrong.
    List<String> run() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        var log = folder.resolve("outside.log");
        try (var outside = Outside.start(folder, log);
                var database = PostgresServer.start(folder.resolve("postgres"))) {
            var nodes = Nodes.start(folder, database.settings(), 3);
            try {
                torture(nodes, outside.target());
            } finally {
                nodes.killAll();
            }
            var books = Comparison.read(database.settings(), log, tasks, runs);
            faults.addAll(books.faults());
            report(books);
        }
        return faults;
    }

    private void torture(Nodes nodes, String target) throws IOException, InterruptedException {
        for (int i = 0; i < rate; i++) {
            nodes.create(i % nodes.count(), target).ifPresent(tasks::add);
        }
        var asker = Thread.ofVirtual().start(() -> askOnAndOn(nodes, target));
        for (int round = 1; round <= rounds; round++) {
            int killed = dice.nextInt(nodes.count());
            int stopped = (killed + 1 + dice.nextInt(nodes.count() - 1)) % nodes.count();
            nodes.get(killed).kill();
            pause(shape.dead);
            var ready = nodes.get(killed).restart();
            pause(shape.between);
            nodes.get(stopped).signal("STOP");
            pause(shape.stopped);
            nodes.get(stopped).signal("CONT");
            pause(shape.rest);
            out.printf(
                    "round %d: node%d killed, ready again in %d ms; node%d stopped for %d s%n",
                    round, killed + 1, ready.toMillis(), stopped + 1, shape.stopped.toSeconds());
        }
        asking = false;
        asker.join();
        nodes.pauseAll(0);
        pause(LEASE.plusSeconds(3)); // What was under way comes to its end.
        for (int exit : nodes.stop()) {
            faults.add("a node stopped with " + exit);
        }
    }

    private static void pause(Duration length) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(length.toMillis());
    }

    /// Asks for runs and makes tasks at any node; only what was answered counts.
    private void askOnAndOn(Nodes nodes, String target) {
        while (asking) {
            try {
                int node = dice.nextInt(nodes.count());
                if (dice.nextInt(20) == 0) {
                    nodes.create(node, target).ifPresent(tasks::add);
                } else {
                    nodes.post(node, "/api/v1/tasks/" + tasks.peek() + "/execute", "")
                            .ifPresent(runs::add);
                }
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (HttpTimeoutException e) {
                // It is stopped; nothing was promised.
            } catch (IOException e) {
                // It is dead at the moment; nothing was promised.
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void report(Comparison books) {
        var late = books.lateness();
        var latest = late.getLast();
        if (latest.compareTo(shape.takeover) > 0) {
            faults.add("a run was late by " + latest + ", more than " + shape.takeover);
        }
        out.printf(
                "3 nodes, %d rounds, tasks acknowledged %d, runs acknowledged %d, runs %d,"
                        + " hits %d%n",
                rounds, tasks.size(), runs.size(), books.runs().size(), books.hits().size());
        out.printf(
                "succeeded %d, failed %d, skipped %d, missed %d%n",
                books.ended(RunState.SUCCEEDED),
                books.ended(RunState.FAILED),
                books.ended(RunState.SKIPPED),
                books.ended(RunState.MISSED));
        out.printf(
                "runs taken over %d, of them seen twice (with the same webhook-id) %d%n",
                books.rescued(), books.doubled());
        out.printf(
                "first seen after the fire time: p50 %d ms, p99 %d ms, latest %d ms%n",
                late.get(late.size() / 2).toMillis(),
                late.get(late.size() * 99 / 100).toMillis(),
                latest.toMillis());
        faults.stream().limit(20).forEach(fault -> out.println("FAULT " + fault));
        out.println(faults.isEmpty() ? "PASS" : "FAIL (" + faults.size() + " faults)");
    }
}
