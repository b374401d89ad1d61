package carillon.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// What is done in one round to nodes that share a database; at its end all is well again.
enum Disturbance {
    /// One node is killed with -9, and another stopped as a whole for longer than its lease.
    NODES("R2 R3 nodes killed and stopped", 1) {
        @Override
        void round(Scene scene) throws IOException, InterruptedException {
            int killed = scene.anyNode();
            scene.nodes().get(killed).kill();
            pause(Duration.ofSeconds(3));
            var ready = scene.nodes().get(killed).restart();
            scene.trial().say("node killed, ready again in " + ready.toMillis() + " ms");
            pause(Duration.ofSeconds(5));
            var stopped =
                    scene.nodes()
                            .get((killed + 1 + scene.dice().nextInt(2)) % scene.nodes().count());
            stopped.signal("STOP");
            pause(LEASE.plusSeconds(5));
            stopped.signal("CONT");
            pause(Duration.ofSeconds(7));
        }
    },

    /// All nodes but one are stopped as a whole, one after the other, for three lease times each.
    STOPPED_NODE("R4 stopped nodes", 1) {
        @Override
        int nodes() {
            return 11;
        }

        @Override
        int rounds() {
            return 10;
        }

        @Override
        void round(Scene scene) throws IOException, InterruptedException {
            int spared = scene.anyNode();
            var stopped = scene.nodes().others(spared);
            for (var node : stopped) {
                node.signal("STOP");
                pause(BETWEEN);
            }
            pause(LEASE.multipliedBy(3));
            for (var node : stopped) {
                node.signal("CONT");
            }
            pause(Duration.ofSeconds(5));
        }
    },

    /// One node is cut from the database, and from nothing else: what it sends there is thrown
    /// away.
    CUT_OFF("R2 R3 cut from the database", 1) {
        @Override
        Nodes.Place place(int node, Path folder) {
            return new Nodes.Place(address(node), Map.of());
        }

        @Override
        void round(Scene scene) throws IOException, InterruptedException {
            var address = address(scene.anyNode());
            nft("add table inet cut");
            nft("add chain inet cut in { type filter hook input priority 0; }");
            nft("add rule inet cut in ip daddr " + address + " drop");
            nft("add rule inet cut in ip saddr " + address + " drop");
            pause(LEASE.plusSeconds(5));
            nft("delete table inet cut");
            pause(Duration.ofSeconds(7));
        }

        // All of them are the loopback of the network namespace; each node has its own, so that it
        // can be cut by itself.
        private static String address(int node) {
            return "127.0.0." + (11 + node);
        }

        private static void nft(String rule) throws IOException, InterruptedException {
            Commands.run("nft", rule);
        }
    },

    /// The database is restarted, then killed with -9 as a whole and started again.
    DATABASE("R2 R3 database restarted and killed", 0) {
        @Override
        void round(Scene scene) throws IOException, InterruptedException {
            scene.database().restart();
            pause(Duration.ofSeconds(7));
            scene.database().kill();
            pause(Duration.ofSeconds(3));
            scene.database().restart();
            pause(Duration.ofSeconds(10));
        }
    },

    /// The clock of one node jumps, by seconds or by an hour, ahead and back, and is set right.
    CLOCK("R2 R3 clock jumps", 0) {
        @Override
        int rounds() {
            return 5;
        }

        @Override
        Nodes.Place place(int node, Path folder) throws IOException {
            return new Nodes.Place(
                    "127.0.0.1", ServerProcess.clock(folder.resolve("clock" + node)));
        }

        @Override
        void round(Scene scene) throws IOException, InterruptedException {
            for (int jump : new int[] {4, -4, 3_600, -3_600}) {
                var file = scene.trial().folder().resolve("clock" + scene.anyNode());
                ServerProcess.setClock(file, Duration.ofSeconds(jump));
                pause(LEASE.dividedBy(2));
                ServerProcess.setClock(file, Duration.ZERO);
                pause(Duration.ofSeconds(3));
            }
        }
    },

    /// The nodes are stopped with SIGTERM and started again, one after the other.
    ROLLING("R13 rolling restart", 0) {
        @Override
        String path() {
            // Something is always under way.
            return "slow/500";
        }

        @Override
        void round(Scene scene) throws IOException, InterruptedException {
            for (int i = 0; i < scene.nodes().count(); i++) {
                var node = scene.nodes().get(i);
                long begin = System.nanoTime();
                int exit = node.stop();
                var took = Duration.ofNanos(System.nanoTime() - begin);
                scene.trial().check(exit == 0 || exit == 143, "a node stopped with " + exit);
                scene.trial().atMost(Duration.ofSeconds(30), took, "a stop");
                node.restart();
                pause(Duration.ofSeconds(2));
            }
        }

        @Override
        void judge(Comparison books, Trial trial) {
            trial.check(books.doubled() == 0, books.doubled() + " runs were seen twice");
            trial.check(books.rescued() == 0, books.rescued() + " runs were attempted again");
        }
    };

    static final Duration LEASE = Duration.ofSeconds(10);

    /// So short that all nodes of a round are stopped before the first of their leases ends: one
    /// that is stopped in the middle of a takeover is another matter.
    private static final Duration BETWEEN = Duration.ofMillis(500);

    private final String promise;
    private final int takesOver;

    /// With what a round works.
    record Scene(Nodes nodes, PostgresServer database, Trial trial, RandomGenerator dice) {
        int anyNode() {
            return dice.nextInt(nodes.count());
        }
    }

    Disturbance(String promise, int takesOver) {
        this.promise = promise;
        this.takesOver = takesOver;
    }

    static Disturbance named(String name) {
        return valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT));
    }

    abstract void round(Scene scene) throws IOException, InterruptedException;

    int nodes() {
        return 3;
    }

    /// How many, where it is tried as a whole.
    int rounds() {
        return 6;
    }

    /// Behind the address of the target.
    String path() {
        return "";
    }

    /// Where a node stands while it is disturbed so.
    Nodes.Place place(int node, Path folder) throws IOException {
        return Nodes.Place.PLAIN;
    }

    /// What must hold besides.
    void judge(Comparison books, Trial trial) {}

    String promise() {
        return promise;
    }

    /// How late a run may be, where its node went and another took it over.
    Optional<Duration> takeover() {
        return takesOver == 1 ? Optional.of(LEASE.plusSeconds(1)) : Optional.empty();
    }

    private static void pause(Duration length) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(length.toMillis());
    }
}
