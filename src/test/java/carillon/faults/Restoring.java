package carillon.faults;

import carillon.store.StoreSettings;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Backs a server up under load, restores that elsewhere and starts it (PROMISES R15): it has all
/// that was acknowledged before, fires nothing until it is released, and nothing twice then.
///
/// `Restoring FOLDER`.
final class Restoring {
    private final Trial trial;

    private Restoring(Trial trial) {
        this.trial = trial;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Trial.main("R15 backup and restore", arguments, trial -> new Restoring(trial).run());
    }

    private String run() throws IOException, InterruptedException {
        var backup = trial.folder().resolve("backup.db");
        var restored = Files.createDirectories(trial.folder().resolve("restored"));
        try (var solo = Solo.start(trial.folder())) {
            var load = new Load(List.of(solo.caller()), solo.outside().target(), 5);
            load.begin(trial.number(0, 50, 200));
            TimeUnit.SECONDS.sleep(trial.isShort() ? 3 : 15);
            var tasks = load.tasks();
            var runs = load.runs();
            carillon("backup", backup.toString(), "--data", solo.data().toString());
            TimeUnit.SECONDS.sleep(2);
            load.end();
            solo.server().kill();
            carillon("restore", backup.toString(), "--data", restored.toString());
            for (var file : List.of("secret.key", "admin.key")) {
                Files.copy(solo.data().resolve(file), restored.resolve(file));
            }
            int before = solo.hits().size();
            int unasked = play(solo, restored, before);
            var books =
                    Comparison.read(new StoreSettings.Sqlite(restored), solo.log(), tasks, runs);
            var lost = books.faults().stream().filter(fault -> fault.contains("is lost")).toList();
            trial.faults(lost);
            var after = solo.hits().subList(before, solo.hits().size());
            var doubled = doubled(solo.hits().subList(0, before), after);
            trial.check(doubled == 0, doubled + " runs fired again after the restore");
            trial.check(!after.isEmpty(), "nothing fired after the release");
            return ("%d tasks and %d runs acknowledged before: %d lost;"
                            + " %d fired while held, %d after, %d of them twice")
                    .formatted(
                            tasks.size(), runs.size(), lost.size(), unasked, after.size(), doubled);
        }
    }

    /// Starts the restored server, releases and stops it; returns how many requests came while it
    /// was held.
    private int play(Solo solo, Path restored, int before)
            throws IOException, InterruptedException {
        var client = HttpClient.newHttpClient();
        var server = ServerProcess.start(restored, ServerProcess.freePort(), client);
        try {
            TimeUnit.SECONDS.sleep(5);
            int unasked = solo.hits().size() - before;
            trial.check(unasked == 0, unasked + " fired while it was held");
            carillon(
                    "release",
                    "--missed",
                    "skip",
                    "--server",
                    server.uri("").toString(),
                    "--key",
                    server.key());
            TimeUnit.SECONDS.sleep(5);
            new Caller(server, client).pauseAll();
            TimeUnit.SECONDS.sleep(3);
            server.stop();
            return unasked;
        } finally {
            server.kill();
        }
    }

    private static long doubled(List<String> before, List<String> after) {
        var seen = new HashSet<String>();
        before.forEach(line -> seen.add(line.split(" ", -1)[0]));
        return after.stream().filter(line -> seen.contains(line.split(" ", -1)[0])).count();
    }

    private void carillon(String... arguments) throws IOException, InterruptedException {
        var log = trial.folder().resolve("command.log");
        var process = ServerProcess.java(log, "carillon.Main", List.of(arguments));
        int exit = process.waitFor();
        trial.check(exit == 0, arguments[0] + " ended with " + exit + ": " + Files.readString(log));
    }
}
