package carillon.faults;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Many runs of which few are kept, on either database (PROMISES R14): the rows come to a plateau,
/// no transaction that forgets some takes long, and what fires meanwhile is on time.
///
/// `Retention FOLDER [RUNS [RATE]]`: `RATE` runs a second.
final class Retention {
    private static final Duration PURGE = Duration.ofMillis(50);
    private static final Duration LATE = Duration.ofMillis(50);
    private static final int MOST_TASKS = 500;
    private static final int KEPT = 5;

    /// The server looks for what is old once a minute, and needs some time to forget it.
    private static final int SECONDS_UNTIL_FORGOTTEN = 65;

    private final Trial trial;
    private final int runs;
    private final int rate;
    private final int tasks;

    private Retention(Trial trial) {
        this.trial = trial;
        this.runs = trial.number(0, 20_000, 1_000_000);
        this.rate = trial.number(1, 200, 6_000);
        this.tasks = Math.min(MOST_TASKS, rate);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Trial.main("R14 retention", arguments, trial -> new Retention(trial).run());
    }

    private String run() throws IOException, InterruptedException {
        var folder = trial.folder();
        var file = folder.resolve("sqlite").resolve("carillon.db");
        var sqlite = play("sqlite", "", new Rows("jdbc:sqlite:" + file, ""));
        try (var database = PostgresServer.start(folder.resolve("postgres"))) {
            var settings = database.settings();
            var config =
                    "database: \"%s\"\ndatabase-user: \"%s\"\n"
                            .formatted(settings.url(), settings.user());
            var postgres = play("postgresql", config, new Rows(settings.url(), settings.user()));
            return sqlite + "; " + postgres;
        }
    }

    /// Where the rows of runs are counted, beside the server.
    private record Rows(String url, String user) {
        long count() {
            try (Connection connection = DriverManager.getConnection(url, user, "");
                    var statement = connection.createStatement();
                    var result = statement.executeQuery("SELECT count(*) FROM run")) {
                result.next();
                return result.getLong(1);
            } catch (SQLException e) {
                throw new IllegalStateException("could not count the runs", e);
            }
        }
    }

    private String play(String name, String config, Rows rows)
            throws IOException, InterruptedException {
        Path data = Files.createDirectories(trial.folder().resolve(name));
        var client = HttpClient.newHttpClient();
        var more = config + "retention.runs: " + KEPT + "\n";
        var server = ServerProcess.start(data, ServerProcess.freePort(), client, more);
        try {
            var caller = new Caller(server, client);
            for (int i = 0; i < tasks; i++) {
                create(caller);
            }
            var begin = Scrape.of(caller);
            long most = 0;
            var now = begin;
            while (made(now) - made(begin) < runs) {
                TimeUnit.SECONDS.sleep(2);
                most = Math.max(most, rows.count());
                now = Scrape.of(caller);
            }
            return judge(name, begin, now, most);
        } finally {
            server.stop();
        }
    }

    private void create(Caller caller) throws IOException, InterruptedException {
        var body =
                """
                {"name":"many","schedule":{"every":"%dms"},"action":{"nothing":{}}}
                """
                        .formatted(1_000L * tasks / rate);
        var _ = caller.post("/api/v1/tasks", body).orElseThrow();
    }

    private static double made(Scrape scrape) {
        return scrape.value("carillon_runs_ended_total{state=\"succeeded\"}");
    }

    private String judge(String name, Scrape begin, Scrape end, long most) {
        long plateau = (long) tasks * KEPT + (long) rate * SECONDS_UNTIL_FORGOTTEN;
        trial.check(most <= plateau, name + " had " + most + " rows, not up to " + plateau);
        long purges = (long) end.value("carillon_store_purge_seconds_count");
        long longest = (long) end.value("carillon_store_purge_longest_milliseconds");
        double mean = end.value("carillon_store_purge_seconds_sum") / Math.max(1, purges);
        trial.atMost(PURGE, Duration.ofMillis(longest), name + ": the longest purge");
        double late = end.lateSince(begin, 0.99);
        trial.atMost(LATE, Duration.ofNanos((long) (late * 1e9)), name + ": lateness, p99");
        var missed = (long) end.value("carillon_runs_ended_total{state=\"missed\"}");
        trial.check(missed == 0, name + " missed " + missed);
        return "%s: %,d runs, up to %,d rows; %,d purges, mean %.1f, max %d ms; p99 <= %.0f ms"
                .formatted(
                        name,
                        (long) (made(end) - made(begin)),
                        most,
                        purges,
                        mean * 1e3,
                        longest,
                        late * 1e3);
    }
}
