package carillon.faults;

import carillon.store.StoreSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Fills the disk that the server's data stand on, under load, and frees it again (PROMISES R11):
/// writes are refused with 507, reads and the health check answer, nothing acknowledged is lost.
///
/// `FullDisk FOLDER [ROUNDS]`. Needs root, for a small tmpfs.
final class FullDisk {
    private static final Duration WORKS_AGAIN = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Trial trial;
    private final Path disk;
    private Duration slowest = Duration.ZERO;

    private FullDisk(Trial trial) {
        this.trial = trial;
        this.disk = trial.folder().resolve("disk");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Trial.main("R11 full disk", arguments, trial -> new FullDisk(trial).run());
    }

    private String run() throws IOException, InterruptedException {
        Files.createDirectories(disk);
        Commands.run("mount", "-t", "tmpfs", "-o", "size=128m", "carillon", disk.toString());
        int rounds = trial.number(0, 1, 5);
        var log = trial.folder().resolve("outside.log");
        try (var outside = Outside.start(trial.folder(), log)) {
            var load = torture(outside.target(), rounds);
            var settings = new StoreSettings.Sqlite(disk.resolve("data"));
            var books = Comparison.read(settings, log, load.tasks(), load.runs());
            trial.faults(books.faults());
            return ("filled %d times, %d tasks and %d runs acknowledged: %d lost;"
                            + " works again in %d ms")
                    .formatted(
                            rounds,
                            load.tasks().size(),
                            load.runs().size(),
                            books.lost(),
                            slowest.toMillis());
        } finally {
            Commands.run("umount", "-l", disk.toString());
        }
    }

    private Load torture(String target, int rounds) throws IOException, InterruptedException {
        var data = disk.resolve("data");
        Files.createDirectories(data);
        var client = HttpClient.newHttpClient();
        var server = ServerProcess.start(data, ServerProcess.freePort(), client);
        try {
            var caller = new Caller(server, client);
            var load = new Load(List.of(caller), target, 10);
            load.begin(20);
            for (int round = 1; round <= rounds; round++) {
                TimeUnit.SECONDS.sleep(3);
                fill();
                TimeUnit.SECONDS.sleep(3); // What room was left in files is used up.
                refused(caller, target);
                Files.delete(disk.resolve("filler"));
                worksAgain(caller, target);
            }
            load.end();
            caller.pauseAll();
            TimeUnit.SECONDS.sleep(5); // What was under way comes to its end.
            server.stop();
            return load;
        } finally {
            server.kill();
        }
    }

    private void fill() throws IOException {
        try (OutputStream filler = Files.newOutputStream(disk.resolve("filler"))) {
            var block = new byte[4_096];
            while (true) {
                filler.write(block);
            }
        } catch (IOException e) {
            trial.say("the disk is full: " + e.getMessage());
        }
    }

    private void refused(Caller caller, String target) throws IOException, InterruptedException {
        var body =
                "{\"name\":\"x\",\"description\":\"%s\",\"action\":{\"http\":{\"url\":\"%s\"}}}"
                        .formatted("x".repeat(1_000), target);
        int status = 0;
        for (int i = 0; i < 1_000 && status != 507; i++) {
            status = caller.send("POST", "/api/v1/tasks", body).statusCode();
        }
        trial.check(status == 507, "a write on the full disk was answered with " + status);
        int read = caller.send("GET", "/api/v1/tasks", "").statusCode();
        trial.check(read == 200, "a read on the full disk was answered with " + read);
        int health = caller.send("GET", "/health/live", "").statusCode();
        trial.check(health == 200, "the health check on the full disk said " + health);
    }

    private void worksAgain(Caller caller, String target) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        var took = Duration.ZERO;
        while (caller.create(target, "1s", "").isEmpty() && took.compareTo(PATIENCE) < 0) {
            TimeUnit.MILLISECONDS.sleep(20);
            took = Duration.ofNanos(System.nanoTime() - begin);
        }
        if (took.compareTo(PATIENCE) >= 0) {
            trial.say(
                    caller.send(
                                    "POST",
                                    "/api/v1/tasks",
                                    "{\"name\":\"x\",\"action\":{\"nothing\":{}}}")
                            .body());
        }
        trial.check(took.compareTo(PATIENCE) < 0, "it does not work again within " + PATIENCE);
        trial.atMost(WORKS_AGAIN, took, "working again");
        slowest = took.compareTo(slowest) > 0 ? took : slowest;
    }
}
