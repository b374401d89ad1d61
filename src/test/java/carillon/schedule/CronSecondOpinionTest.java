package carillon.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.scheduling.support.CronExpression;

/// What Spring, Quartz and cron-utils make of the same expressions, where they mean the same as
/// OCPS: six fields, at most one of day of month and day of week, weekdays by name, and no change
/// of clocks near: each library has its own mind about those.
final class CronSecondOpinionTest {
    private static final long SEED = 20260711L;
    private static final int CASES = Integer.getInteger("random.cases", 10_000) / 10;
    private static final int FIRES = 4;
    private static final List<String> ZONES =
            List.of(
                    "America/New_York",
                    "Europe/London",
                    "Australia/Lord_Howe",
                    "America/Sao_Paulo",
                    "Africa/Cairo",
                    "Pacific/Apia",
                    "Africa/Casablanca",
                    "Asia/Kolkata");
    private static final List<String> WEEKDAYS =
            List.of("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN");

    record Sample(String time, String day, String month, String weekday, ZoneId zone) {
        String ocps() {
            return "%s %s %s %s".formatted(time, day, month, weekday);
        }

        /// Quartz wants a `?` in one of the two day fields.
        String quartz() {
            return weekday.equals("*")
                    ? "%s %s %s ?".formatted(time, day, month)
                    : "%s ? %s %s".formatted(time, month, weekday);
        }

        /// The last Friday is `FRIL` there.
        String withoutHashL() {
            return quartz().replace("#L", "L");
        }

        static Sample make(Random random) {
            var time =
                    String.join(
                            " ", field(random, 0, 59), field(random, 0, 59), field(random, 0, 23));
            boolean byWeekday = random.nextBoolean();
            return new Sample(
                    time,
                    byWeekday ? "*" : day(random),
                    random.nextBoolean() ? "*" : field(random, 1, 12),
                    byWeekday ? weekday(random) : "*",
                    ZoneId.of(ZONES.get(random.nextInt(ZONES.size()))));
        }

        private static String field(Random random, int min, int max) {
            int a = min + random.nextInt(max - min + 1);
            int b = a + random.nextInt(max - a + 1);
            return switch (random.nextInt(6)) {
                case 0 -> "*";
                case 1 -> "*/" + (1 + random.nextInt((max - min) / 2));
                case 2 -> a + "-" + b;
                case 3 -> a + "-" + b + "/" + (1 + random.nextInt(5));
                case 4 -> {
                    var values = new TreeSet<>(List.of(a));
                    values.add(b);
                    values.add(min + random.nextInt(max - min + 1));
                    yield String.join(",", values.stream().map(v -> v.toString()).toList());
                }
                default -> Integer.toString(a);
            };
        }

        private static String day(Random random) {
            return switch (random.nextInt(5)) {
                case 0 -> "L";
                case 1 -> "LW";
                // On the last day of a month that is a Sunday, they name that Sunday or another
                // month.
                case 2 -> 1 + random.nextInt(27) + "W";
                default -> field(random, 1, 31);
            };
        }

        private static String weekday(Random random) {
            int day = random.nextInt(7);
            var name = WEEKDAYS.get(day);
            return switch (random.nextInt(4)) {
                case 0 -> name + "#L";
                case 1 -> name + "#" + (1 + random.nextInt(5));
                case 2 -> WEEKDAYS.get(random.nextInt(5)) + "-" + WEEKDAYS.get(5 + day / 4);
                default -> name + "," + WEEKDAYS.get((day + 3) % 7);
            };
        }
    }

    /// Another library's answer, as the shared form of ours.
    interface Opinion {
        Optional<Instant> next(Instant after);
    }

    enum Library {
        SPRING {
            @Override
            Opinion read(Sample sample) {
                var expression = CronExpression.parse(sample.withoutHashL());
                return after ->
                        Optional.ofNullable(expression.next(after.atZone(sample.zone)))
                                .map(ZonedDateTime::toInstant);
            }
        },

        /// 2.5.0 passes over months for `L`, `LW` and `15W` in the day of month, where the other
        /// two and the oracle agree with us: those are left out.
        QUARTZ {
            @Override
            boolean knows(Sample sample) {
                return !sample.day.contains("L") && !sample.day.contains("W");
            }

            @Override
            Opinion read(Sample sample) {
                var expression = quartz(sample.withoutHashL(), sample.zone);
                return after ->
                        Optional.ofNullable(expression.getNextValidTimeAfter(Date.from(after)))
                                .map(Date::toInstant);
            }
        },
        CRON_UTILS {
            @Override
            Opinion read(Sample sample) {
                var times = ExecutionTime.forCron(PARSER.parse(sample.withoutHashL()));
                return after ->
                        times.nextExecution(after.atZone(sample.zone))
                                .map(ZonedDateTime::toInstant);
            }
        };

        private static final CronParser PARSER =
                new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.QUARTZ));

        boolean knows(Sample sample) {
            return true;
        }

        abstract Opinion read(Sample sample);
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void the_library_agrees_or_stands_alone(Library library) {
        assertThat(timesAlone(library)).isLessThanOrEqualTo(CASES / 1_000);
    }

    /// Throws an [AssertionError] when we say something else than the library and nobody says what
    /// we say. Returns how often another does: then it is the library that is wrong.
    static int timesAlone(Library library) {
        int alone = 0;
        int compared = 0;
        for (int i = 0; i < CASES; i++) {
            var random = new Random(SEED + i);
            var sample = Sample.make(random);
            var from = start(random, sample.zone);
            var until = nextChange(sample.zone, from).minus(Duration.ofDays(1));
            if (!library.knows(sample)) {
                continue;
            }
            Cron cron;
            try {
                cron = new Cron(sample.ocps(), sample.zone, DstPolicy.DEFAULT, 0);
            } catch (ScheduleException e) {
                assertThat(e).hasMessageContaining("can never fire");
                continue;
            }
            var ours = fires(after -> cron.next(after).map(FireTime::at), from, until);
            compared += ours.size();
            var theirs = fires(library.read(sample), from, until);
            if (!ours.equals(theirs)) {
                boolean isAlone =
                        Stream.of(Library.values())
                                .filter(other -> other != library && other.knows(sample))
                                .anyMatch(
                                        other ->
                                                fires(other.read(sample), from, until)
                                                        .equals(ours));
                assertThat(isAlone)
                        .as("%s, seed %d: %s from %s: %s", library, SEED + i, sample, from, theirs)
                        .isTrue();
                alone++;
            }
        }
        assertThat(compared).isGreaterThan(CASES); // Or they agreed on next to nothing.
        return alone;
    }

    /// At least a day after a change of clocks.
    private static Instant start(Random random, ZoneId zone) {
        var from =
                Instant.parse("2012-01-01T00:00:00Z")
                        .plusSeconds(random.nextLong(20L * 365 * 86_400));
        var lately = nextChange(zone, from.minus(Duration.ofDays(1)));
        return lately.isAfter(from) ? from : lately.plus(Duration.ofDays(1));
    }

    private static Instant nextChange(ZoneId zone, Instant after) {
        ZoneOffsetTransition change = zone.getRules().nextTransition(after);
        return change == null ? Instant.parse("2099-01-01T00:00:00Z") : change.getInstant();
    }

    private static List<Instant> fires(Opinion opinion, Instant from, Instant until) {
        var found = new ArrayList<Instant>();
        var next = opinion.next(from);
        while (next.isPresent() && next.get().isBefore(until) && found.size() < FIRES) {
            found.add(next.get());
            next = opinion.next(next.get());
        }
        return found;
    }

    private static org.quartz.CronExpression quartz(String text, ZoneId zone) {
        try {
            var expression = new org.quartz.CronExpression(text);
            expression.setTimeZone(TimeZone.getTimeZone(zone));
            return expression;
        } catch (ParseException e) {
            throw new AssertionError(text, e);
        }
    }
}
