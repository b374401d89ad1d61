package carillon.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.text.ParseException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    /// A library's answer, or ours.
    interface Opinion {
        Optional<Instant> next(Instant after);
    }

    /// Each is asked everything but what it is known to get wrong.
    enum Library {
        /// 6.2.8 finds no weekday nearest to the 1st from Sunday the 2nd: it is Monday the 3rd.
        SPRING {
            @Override
            boolean isWrong(Sample sample, LocalDate from) {
                return sample.day.equals("1W")
                        && from.getDayOfMonth() == 2
                        && from.getDayOfWeek() == DayOfWeek.SUNDAY;
            }

            @Override
            Opinion read(Sample sample) {
                var expression = CronExpression.parse(sample.withoutHashL());
                return after ->
                        Optional.ofNullable(expression.next(after.atZone(sample.zone)))
                                .map(ZonedDateTime::toInstant);
            }
        },

        /// 2.5.0 passes over months for `L`, `LW` and `15W` in the day of month.
        QUARTZ {
            @Override
            boolean isWrong(Sample sample, LocalDate from) {
                return sample.day.contains("L") || sample.day.contains("W");
            }

            @Override
            Opinion read(Sample sample) {
                var expression = quartz(sample.withoutHashL(), sample.zone);
                return after ->
                        Optional.ofNullable(expression.getNextValidTimeAfter(Date.from(after)))
                                .map(Date::toInstant);
            }
        },

        /// 9.2.1 goes to the next month from the first midnight of this one. Where that was left
        /// out by the clocks it begins the next month an hour late too.
        CRON_UTILS {
            @Override
            boolean isWrong(Sample sample, LocalDate from) {
                var midnight = from.withDayOfMonth(1).atStartOfDay();
                return sample.zone.getRules().getValidOffsets(midnight).isEmpty();
            }

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

        abstract boolean isWrong(Sample sample, LocalDate from);

        abstract Opinion read(Sample sample);
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void the_library_agrees(Library library) {
        var compared = compare(library);
        // Or they agreed on next to nothing.
        assertThat(compared.fires()).isGreaterThan(CASES);
        if (library != Library.QUARTZ) {
            assertThat(compared.leftOut()).isLessThanOrEqualTo(CASES / 1_000);
        }
    }

    /// What it is not asked, it must get wrong: else there is no reason to leave that out. The
    /// right times are from a calendar.
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    SPRING, 1W * *, Europe/London, 2012-09-02, 2012-09-03T00:30
                    SPRING, 1W * *, Africa/Cairo, 2022-10-02, 2022-10-03T00:30
                    QUARTZ, L 6 *, Asia/Kolkata, 2029-05-01, 2029-06-30T00:30
                    QUARTZ, LW * *, Asia/Kolkata, 2029-06-23, 2029-06-29T00:30
                    QUARTZ, 13W * *, Asia/Kolkata, 2012-12-16, 2013-01-14T00:30
                    CRON_UTILS, * * MON, Africa/Cairo, 2014-08-31, 2014-09-01T00:30
                    CRON_UTILS, 1 * *, Africa/Cairo, 2014-08-20, 2014-09-01T00:30
                    """)
    void the_library_is_wrong(
            Library library, String days, ZoneId zone, LocalDate after, LocalDateTime right) {
        var fields = days.split(" ", -1);
        var sample = new Sample("0 30 *", fields[0], fields[1], fields[2], zone);
        var from = after.atStartOfDay(zone).toInstant();
        var expected = Optional.of(right.atZone(zone).toInstant());
        assertThat(library.isWrong(sample, after)).isTrue();
        assertThat(ours(new Cron(sample.ocps(), zone, DstPolicy.DEFAULT, 0)).next(from))
                .isEqualTo(expected);
        assertThat(library.read(sample).next(from)).isNotEqualTo(expected);
    }

    /// How many fire times were the same, and how many cases were not put to the library.
    record Compared(int fires, int leftOut) {}

    /// Throws an [AssertionError] when the library says something else than we do.
    static Compared compare(Library library) {
        int fires = 0;
        int leftOut = 0;
        for (int i = 0; i < CASES; i++) {
            var random = new Random(SEED + i);
            var sample = Sample.make(random);
            var from = start(random, sample.zone);
            if (library.isWrong(sample, from.atZone(sample.zone).toLocalDate())) {
                leftOut++;
                continue;
            }
            Cron cron;
            try {
                cron = new Cron(sample.ocps(), sample.zone, DstPolicy.DEFAULT, 0);
            } catch (ScheduleException e) {
                assertThat(e).hasMessageContaining("can never fire");
                continue;
            }
            var until = nextChange(sample.zone, from).minus(Duration.ofDays(1));
            var ours = fires(ours(cron), from, until);
            assertThat(fires(library.read(sample), from, until))
                    .as("%s, seed %d: %s from %s", library, SEED + i, sample, from)
                    .isEqualTo(ours);
            fires += ours.size();
        }
        return new Compared(fires, leftOut);
    }

    private static Opinion ours(Cron cron) {
        return after -> cron.next(after).map(FireTime::at);
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
