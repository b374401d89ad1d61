package carillon.faults;

import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// A server that was down for a minute, for a day, for twelve days of a task a second (a million
/// fire times) and for more than a year (PROMISES R10): what becomes of each fire time is counted.
/// The time is that of a clock that is set ahead while the server is down. Judged is how long a
/// million takes, from when the server is ready.
///
/// `Misfires FOLDER`.
final class Misfires {
    /// For each million of fire times, or less.
    private static final Duration DECIDED = Duration.ofSeconds(2);

    private static final long MILLION = 1_000_000;
    private static final Duration PART = Duration.ofDays(10);
    private static final List<String> COUNTED =
            List.of("expected", "succeeded", "failed", "cancelled", "skipped", "missed", "open");
    private static final Map<String, Integer> FIRE =
            Map.of("skip", 0, "fire_once", 1, "fire_all", 10);

    private final Trial trial;
    private Duration longest = Duration.ZERO;
    private long counted;
    private long restarted;

    private Misfires(Trial trial) {
        this.trial = trial;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Trial.main("R10 misfires", arguments, trial -> new Misfires(trial).run());
    }

    private String run() throws IOException, InterruptedException {
        var clock = trial.folder().resolve("clock");
        try (var solo = Solo.start(trial.folder(), ServerProcess.clock(clock))) {
            var tasks = new TreeMap<String, Long>();
            for (var policy : FIRE.keySet()) {
                tasks.put(policy, create(solo, policy));
            }
            var ahead = Duration.ZERO;
            for (var down :
                    List.of(
                            Duration.ofMinutes(1),
                            Duration.ofHours(26),
                            Duration.ofDays(12),
                            Duration.ofDays(400))) {
                solo.server().stop();
                ahead = ahead.plus(down);
                ServerProcess.setClock(clock, ahead);
                solo.server().restart();
                var now = Instant.now().plus(ahead);
                restarted = System.nanoTime();
                for (var task : tasks.entrySet()) {
                    judge(solo, task.getKey(), task.getValue(), now, down);
                }
            }
            return "%,d fire times after 1 min, 26 h, 12 d and 400 d down, all accounted for;"
                            .formatted(counted)
                    + " a million decided within "
                    + longest.toMillis()
                    + " ms";
        }
    }

    private static long create(Solo solo, String policy) throws IOException, InterruptedException {
        var body =
                """
                {"name":"%s","schedule":{"every":"1s"},"action":{"nothing":{}},
                 "misfire":{"policy":"%s","limit":10,"window":"10000d"}}
                """
                        .formatted(policy, policy);
        return solo.caller().post("/api/v1/tasks", body).orElseThrow();
    }

    private void judge(Solo solo, String policy, long task, Instant now, Duration down)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        while (next(solo, task).isBefore(now)) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        var took = Duration.ofNanos(System.nanoTime() - begin);
        long millions = Math.ceilDiv(down.toSeconds(), MILLION + MILLION / 10);
        var each = took.dividedBy(millions);
        longest = each.compareTo(longest) > 0 ? each : longest;
        trial.atMost(DECIDED, each, "a million of " + policy + " after " + down);
        TimeUnit.SECONDS.sleep(1);
        // From a little after the stop to a little before the start: nothing ran there by itself.
        var from = now.minus(down).plusSeconds(8);
        var to = now.minusSeconds(8);
        var ledger = ledger(solo, task, from, to);
        long expected = ledger.path("expected").asLong();
        long sum = 0;
        for (var part : List.of("succeeded", "failed", "cancelled", "skipped", "missed", "open")) {
            sum += ledger.path(part).asLong();
        }
        trial.check(expected == sum, policy + " after " + down + " has " + ledger);
        trial.check(
                Math.abs(expected - down.minusSeconds(16).toSeconds()) <= 1,
                policy + " after " + down + " has " + expected + " fire times");
        long fired = ledger.path("succeeded").asLong() + ledger.path("open").asLong();
        trial.check(fired <= FIRE.get(policy), policy + " fired " + fired + " times");
        counted += expected;
        // The last that were missed are those before the decision was made, which was while the
        // tasks before this one were judged.
        var since = Duration.ofNanos(System.nanoTime() - restarted);
        var all = ledger(solo, task, now.minus(down).plusSeconds(8), now.plus(since));
        long made = all.path("succeeded").asLong() + all.path("open").asLong();
        trial.check(made >= FIRE.get(policy), policy + " after " + down + " made up for " + all);
        // What was late by less than the grace ran as well, and what came meanwhile.
        long most = FIRE.get(policy) + 10 + since.toSeconds();
        trial.check(made <= most, policy + " after " + down + " made up for " + all);
    }

    private static Instant next(Solo solo, long task) throws IOException, InterruptedException {
        return Instant.parse(
                solo.caller().get("/api/v1/tasks/" + task).path("next_fire_at").asText());
    }

    /// Of the whole range, in parts of which each names fewer fire times than one answer may count.
    private static JsonNode ledger(Solo solo, long task, Instant from, Instant to)
            throws IOException, InterruptedException {
        var sum = Json.object();
        for (var begin = from; begin.isBefore(to); begin = begin.plus(PART)) {
            var end = begin.plus(PART).isBefore(to) ? begin.plus(PART) : to;
            var part = part(solo, task, begin, end);
            for (var name : COUNTED) {
                sum.put(name, sum.path(name).asLong() + part.path(name).asLong());
            }
        }
        return sum;
    }

    private static JsonNode part(Solo solo, long task, Instant from, Instant to)
            throws IOException, InterruptedException {
        var answer =
                solo.caller()
                        .get(
                                "/api/v1/tasks/%d/slots?limit=1&from=%s&to=%s"
                                        .formatted(task, from, to));
        if (!answer.path("ledger").isObject()) {
            throw new IOException("no ledger from " + from + " to " + to + ": " + answer);
        }
        return answer.path("ledger");
    }
}
