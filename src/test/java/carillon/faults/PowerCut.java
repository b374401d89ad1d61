package carillon.faults;

import carillon.store.StoreSettings;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Cuts the power: the server's data stand on a file system of their own, which is shut down under
/// load as it stands, so that nothing reaches its disk any more that was not forced to it. What it
/// has after it was mounted again is compared with what was acknowledged and what the outside world
/// saw (PROMISES R1).
///
/// `PowerCut FOLDER [ROUNDS [RATE]]`: `RATE` tasks fire once a second each. Needs root.
final class PowerCut {
    private static final Duration READY = Duration.ofSeconds(5);

    /// Until no thread of the process is in the middle of anything.
    private static final long STOPPING_MILLIS = 50;

    private final Trial trial;
    private final Path image;
    private final Path disk;
    private final RandomGenerator dice = RandomGenerator.getDefault();
    private Duration slowestStart = Duration.ZERO;

    private PowerCut(Trial trial) {
        this.trial = trial;
        this.image = trial.folder().resolve("disk.image");
        this.disk = trial.folder().resolve("disk");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Trial.main("R1 power cut", arguments, trial -> new PowerCut(trial).run());
    }

    private String run() throws IOException, InterruptedException {
        Files.createDirectories(disk);
        Commands.run("truncate", "-s", "2G", image.toString());
        Commands.run("mkfs.ext4", "-q", "-F", image.toString());
        mount();
        int rounds = trial.number(0, 3, 20);
        var log = trial.folder().resolve("outside.log");
        try (var outside = Outside.start(trial.folder(), log)) {
            var load = torture(outside.target(), rounds);
            var settings = new StoreSettings.Sqlite(disk.resolve("data"));
            var books = Comparison.read(settings, log, load.tasks(), load.runs());
            trial.faults(books.faults());
            trial.atMost(READY, slowestStart, "the slowest start");
            return ("%d cuts, %d tasks and %d runs acknowledged, %d hits: %d lost;"
                            + " ready again in %d ms")
                    .formatted(
                            rounds,
                            load.tasks().size(),
                            load.runs().size(),
                            books.hits().size(),
                            books.lost(),
                            slowestStart.toMillis());
        } finally {
            unmount();
        }
    }

    private Load torture(String target, int rounds) throws IOException, InterruptedException {
        var data = disk.resolve("data");
        Files.createDirectories(data);
        var client = HttpClient.newHttpClient();
        var server = ServerProcess.start(data, ServerProcess.freePort(), client);
        try {
            var load = new Load(List.of(new Caller(server, client)), target, 2);
            load.begin(trial.number(1, 50, 200));
            for (int round = 1; round <= rounds; round++) {
                TimeUnit.MILLISECONDS.sleep(1_500 + dice.nextInt(2_500));
                // Power takes the processor with the disk. One that lives on may hear from ext4
                // that a file is safe whose last blocks it could not note down any more.
                server.signal("STOP");
                TimeUnit.MILLISECONDS.sleep(STOPPING_MILLIS);
                Commands.run("xfs_io", "-x", "-c", "shutdown", disk.toString());
                server.kill();
                unmount();
                mount();
                var ready = server.restart();
                slowestStart = ready.compareTo(slowestStart) > 0 ? ready : slowestStart;
                trial.say("round " + round + ": cut, ready again in " + ready.toMillis() + " ms");
            }
            load.end();
            new Caller(server, client).pauseAll();
            TimeUnit.SECONDS.sleep(5); // What was under way comes to its end.
            server.stop();
            return load;
        } finally {
            server.kill();
        }
    }

    private void mount() throws IOException, InterruptedException {
        Commands.run("mount", "-o", "loop", image.toString(), disk.toString());
    }

    private void unmount() throws IOException, InterruptedException {
        Commands.run("umount", disk.toString());
    }
}
