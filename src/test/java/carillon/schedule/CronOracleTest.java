package carillon.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.schedule.DstPolicy.Gap;
import carillon.schedule.DstPolicy.Overlap;
import carillon.schedule.FireTime.DstMark;
import carillon.schedule.FireTime.Fate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Random expressions, zones, policies and instants against an oracle that knows nothing of masks
/// and stretches: it walks over local times minute by minute and asks `java.time` what became of
/// each.
final class CronOracleTest {
    private static final long SEED = 20260301L;
    private static final int CASES = Integer.getInteger("random.cases", 10_000);
    private static final int FIRES_PER_CASE = 100;
    private static final List<String> ZONES =
            List.of(
                    "America/New_York",
                    "Europe/London",
                    "Australia/Lord_Howe",
                    "America/Sao_Paulo",
                    "Africa/Cairo",
                    "Pacific/Apia",
                    "Africa/Casablanca",
                    "Antarctica/Troll",
                    "Asia/Gaza",
                    "America/St_Johns",
                    "Asia/Kathmandu",
                    "UTC");

    /// Everything that one random case is about; printed when it fails.
    private record Case(
            long seed, RandomCron cron, ZoneId zone, DstPolicy dst, Instant from, Instant to) {
        static Case make(long seed) {
            var random = new Random(seed);
            var zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
            var from = start(random, zone);
            var cron = RandomCron.make(random, from.atZone(zone).getYear());
            var dst =
                    new DstPolicy(
                            random.nextBoolean() ? Gap.RUN_AFTER : Gap.SKIP,
                            random.nextBoolean() ? Overlap.FIRST : Overlap.BOTH);
            int perDay = cron.seconds().size() * cron.minutes().size() * cron.hours().size();
            var length = Duration.ofDays(1).multipliedBy(FIRES_PER_CASE).dividedBy(perDay);
            if (length.compareTo(Duration.ofDays(100)) > 0) {
                length = Duration.ofDays(100);
            }
            if (length.compareTo(Duration.ofHours(4)) < 0) {
                length = Duration.ofHours(4);
            }
            return new Case(seed, cron, zone, dst, from, from.plus(length));
        }

        /// Mostly shortly before a change of clocks, else anywhere.
        private static Instant start(Random random, ZoneId zone) {
            long second = random.nextLong(Instant.parse("2190-01-01T00:00:00Z").getEpochSecond());
            var anywhere = Instant.ofEpochSecond(second, random.nextInt(2) * 1_000L);
            if (random.nextInt(4) == 0) {
                return anywhere;
            }
            if (zone.getId().equals("Pacific/Apia") && random.nextInt(3) == 0) {
                return Instant.parse("2011-12-29T00:00:00Z").plusSeconds(random.nextInt(180_000));
            }
            long inUse = random.nextLong(Instant.parse("2037-01-01T00:00:00Z").getEpochSecond());
            ZoneOffsetTransition change =
                    zone.getRules().nextTransition(Instant.ofEpochSecond(inUse));
            return change == null
                    ? anywhere
                    : change.getInstant().minusSeconds(random.nextInt(100_000));
        }

        @Override
        public String toString() {
            return "seed %d: \"%s\" in %s, %s, from %s to %s"
                    .formatted(seed, cron.text(), zone, dst, from, to);
        }
    }

    @Test
    void every_fire_time_is_what_a_walk_over_the_clock_finds() {
        int refused = 0;
        for (int i = 0; i < CASES; i++) {
            if (isRefused(i)) {
                refused++;
            }
        }
        assertThat(refused).as("seed %d", SEED).isLessThan(CASES / 10);
    }

    /// Throws an [AssertionError] when a fire time of that case differs; returns whether its
    /// expression was refused, as one that never fires.
    static boolean isRefused(int number) {
        var one = Case.make(SEED + number);
        try {
            check(one);
            return false;
        } catch (ScheduleException e) {
            assertThat(e).as("%s", one).hasMessageContaining("can never fire");
            assertNeverMatches(one);
            return true;
        }
    }

    private static void check(Case one) {
        var cron = new Cron(one.cron.text(), one.zone, one.dst, 7);
        var expected = List.copyOf(walk(one).values());
        var forward = forward(cron, one);
        if (!forward.equals(expected)) {
            assertThat(forward).as("next, %s", one).isEqualTo(expected);
        }
        var backward = backward(cron, one);
        if (!backward.equals(expected)) {
            assertThat(backward).as("previous, %s", one).isEqualTo(expected);
        }
        for (var fireTime : expected) {
            if (fireTime.mark() != DstMark.NONE) {
                assertFoundFromBothSides(cron, fireTime, one);
            }
        }
    }

    private static void assertFoundFromBothSides(Cron cron, FireTime fireTime, Case one) {
        for (var distance : List.of(Duration.ofNanos(1), Duration.ofSeconds(1))) {
            var next = cron.next(fireTime.at().minus(distance)).orElseThrow();
            var previous = cron.previous(fireTime.at().plus(distance)).orElseThrow();
            if (!next.equals(fireTime) || !previous.equals(fireTime)) {
                assertThat(List.of(next, previous)).as("%s", one).containsOnly(fireTime);
            }
        }
    }

    private static List<FireTime> forward(Cron cron, Case one) {
        var found = new ArrayList<FireTime>();
        var next = cron.next(one.from.minusNanos(1));
        while (next.isPresent() && next.get().at().isBefore(one.to)) {
            found.add(next.get());
            var after = next.get().at();
            next = cron.next(after);
            assertThat(next.isEmpty() || next.get().at().isAfter(after)).as("%s", one).isTrue();
        }
        return found;
    }

    private static List<FireTime> backward(Cron cron, Case one) {
        var found = new ArrayList<FireTime>();
        var previous = cron.previous(one.to);
        while (previous.isPresent() && !previous.get().at().isBefore(one.from)) {
            found.add(previous.get());
            previous = cron.previous(previous.get().at());
        }
        return found.reversed();
    }

    /// The oracle.
    private static NavigableMap<Instant, FireTime> walk(Case one) {
        var found = new TreeMap<Instant, FireTime>();
        var first = one.from.atZone(one.zone).toLocalDate().minusDays(2);
        var last = one.to.atZone(one.zone).toLocalDate().plusDays(2);
        for (var date = first; !date.isAfter(last); date = date.plusDays(1)) {
            if (one.cron.dates().test(date)) {
                walk(one, date, found);
            }
        }
        found.headMap(one.from, false).clear();
        found.tailMap(one.to, true).clear();
        return found;
    }

    private static void walk(Case one, LocalDate date, NavigableMap<Instant, FireTime> found) {
        for (int minute = 0; minute < 24 * 60; minute++) {
            if (!one.cron.hours().contains(minute / 60)
                    || !one.cron.minutes().contains(minute % 60)) {
                continue;
            }
            for (int second : one.cron.seconds()) {
                fire(one, date.atTime(minute / 60, minute % 60, second), found);
            }
        }
    }

    private static void fire(Case one, LocalDateTime local, NavigableMap<Instant, FireTime> found) {
        var rules = one.zone.getRules();
        var offsets = rules.getValidOffsets(local);
        if (offsets.size() == 1) {
            var at = local.toInstant(offsets.getFirst());
            found.put(at, FireTime.of(at));
            return;
        }
        if (offsets.isEmpty()) {
            if (!one.cron.elapsed()) {
                var at = rules.getTransition(local).getInstant();
                var fate = one.dst.gap() == Gap.SKIP ? Fate.SKIPPED_BY_DST : Fate.RUN;
                found.putIfAbsent(at, new FireTime(at, DstMark.GAP, fate));
            }
            return;
        }
        boolean twice = one.cron.elapsed() || one.dst.overlap() == Overlap.BOTH;
        for (var offset : twice ? offsets : offsets.subList(0, 1)) {
            var at = local.toInstant(offset);
            found.put(at, new FireTime(at, DstMark.OVERLAP, Fate.RUN));
        }
    }

    private static void assertNeverMatches(Case one) {
        var end = LocalDate.of(2200, 1, 1);
        for (var date = LocalDate.EPOCH; date.isBefore(end); date = date.plusDays(1)) {
            assertThat(one.cron.dates().test(date)).as("%s on %s", one, date).isFalse();
        }
    }
}
