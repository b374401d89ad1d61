package carillon.bench;

import carillon.schedule.DstPolicy;
import carillon.schedule.Schedule;
import carillon.schedule.Schedules;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Next fire times a second of cron expressions, each beside the same rule written out by hand on
/// `java.time`. The two must name the same times.
public final class CronBench {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final ZoneId LONDON = ZoneId.of("Europe/London");

    /// Before the changes of clocks of 2026 and after those of 2025.
    private static final Instant FROM = Instant.parse("2025-11-15T00:00:00Z");

    private static final int COMPARED = 40;
    private static final int ROUNDS = 5;
    private static final long ROUND_NANOS = 200_000_000;

    /// An expression, and the same rule by hand: from one fire time to the next.
    private record Rule(String text, ZoneId zone, UnaryOperator<ZonedDateTime> byHand) {}

    private static final List<Rule> RULES =
            List.of(
                    new Rule("* * * * *", UTC, at -> at.plusMinutes(1)),
                    new Rule("*/5 * * * *", UTC, at -> at.plusMinutes(5)),
                    new Rule("*/15 * * * * *", UTC, at -> at.plusSeconds(15)),
                    new Rule("0 * * * *", UTC, at -> at.plusHours(1)),
                    new Rule("30 2 * * *", UTC, at -> at.plusDays(1)),
                    new Rule("0 9 * * *", NEW_YORK, at -> at.plusDays(1)),
                    new Rule("0 9 * * MON-FRI", NEW_YORK, CronBench::nextWeekday),
                    new Rule("0,30 9-17 * * MON-FRI", LONDON, CronBench::nextHalfHour),
                    new Rule("15 8 1 * *", LONDON, at -> at.plusMonths(1)),
                    new Rule(
                            "0 12 L * *",
                            UTC,
                            at -> at.plusDays(1).with(TemporalAdjusters.lastDayOfMonth())),
                    new Rule("0 0 29 2 *", UTC, CronBench::nextLeapDay));

    private static ZonedDateTime nextWeekday(ZonedDateTime at) {
        return at.plusDays(at.getDayOfWeek() == DayOfWeek.FRIDAY ? 3 : 1);
    }

    private static ZonedDateTime nextHalfHour(ZonedDateTime at) {
        var next = at.plusMinutes(30);
        return next.getHour() < 18 ? next : nextWeekday(at).with(LocalTime.of(9, 0));
    }

    private static ZonedDateTime nextLeapDay(ZonedDateTime at) {
        var next = at.plusYears(4);
        return next.getDayOfMonth() == 29 ? next : at.plusYears(8); // 2100 has none.
    }

    /// One result for each expression. Throws when the two do not name the same times.
    public List<Result> run() {
        if (!differences().isEmpty()) {
            throw new IllegalStateException(String.join("; ", differences()));
        }
        var results = new ArrayList<Result>();
        for (var rule : RULES) {
            var schedule = Schedules.cron(rule.text, rule.zone, DstPolicy.DEFAULT, 0, FROM);
            var next = new ArrayList<Double>();
            var byHand = new ArrayList<Double>();
            for (int round = 0; round <= ROUNDS; round++) {
                double one = rate(schedule);
                double other = rate(rule, next(schedule, FROM).atZone(rule.zone));
                if (round > 0) { // The first is for the compiler.
                    next.add(one);
                    byHand.add(other);
                }
            }
            var more = Map.<String, Object>of("expression", rule.text + " " + rule.zone);
            results.add(new Result("cron", "none", new Spread(next), new Spread(byHand), more));
        }
        return results;
    }

    /// Where an expression names other times than its rule by hand.
    static List<String> differences() {
        var differences = new ArrayList<String>();
        for (var rule : RULES) {
            var schedule = Schedules.cron(rule.text, rule.zone, DstPolicy.DEFAULT, 0, FROM);
            var at = next(schedule, FROM);
            var byHand = at.atZone(rule.zone);
            for (int i = 0; i < COMPARED; i++) {
                at = next(schedule, at);
                byHand = rule.byHand.apply(byHand);
                if (!at.equals(byHand.toInstant())) {
                    differences.add("%s: %s, but %s by hand".formatted(rule.text, at, byHand));
                    break;
                }
            }
        }
        return differences;
    }

    private static double rate(Schedule schedule) {
        long begin = System.nanoTime();
        long calls = 0;
        while (System.nanoTime() - begin < ROUND_NANOS) {
            var at = FROM;
            for (int i = 0; i < COMPARED; i++) {
                at = next(schedule, at);
            }
            calls += COMPARED;
        }
        return calls / ((System.nanoTime() - begin) / 1e9);
    }

    private static double rate(Rule rule, ZonedDateTime first) {
        long begin = System.nanoTime();
        long calls = 0;
        long seen = 0;
        while (System.nanoTime() - begin < ROUND_NANOS) {
            var at = first;
            for (int i = 0; i < COMPARED; i++) {
                at = rule.byHand.apply(at);
                seen += at.toInstant().getEpochSecond();
            }
            calls += COMPARED;
        }
        if (seen == 0) {
            throw new IllegalStateException("nothing was computed");
        }
        return calls / ((System.nanoTime() - begin) / 1e9);
    }

    private static Instant next(Schedule schedule, Instant after) {
        return schedule.next(after).orElseThrow().at();
    }
}
