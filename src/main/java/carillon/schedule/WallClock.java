package carillon.schedule;

import carillon.schedule.DstPolicy.Gap;
import carillon.schedule.DstPolicy.Overlap;
import carillon.schedule.FireTime.DstMark;
import carillon.schedule.FireTime.Fate;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;

/// A zone's clock from 1970 to 2199 as a line of stretches, each with one offset. It turns the
/// local times of a [LocalRule] into fire times: within a stretch local time and instants run side
/// by side, so only the seams between stretches need thought.
///
/// Immutable, and shared by all schedules of a zone.
final class WallClock {
    private static final ConcurrentHashMap<ZoneId, WallClock> KNOWN = new ConcurrentHashMap<>();
    private static final Instant FIRST = Instant.parse("1969-12-30T00:00:00Z");
    private static final Instant LAST = Instant.parse("2200-01-03T00:00:00Z");

    /// Far outside every instant that a rule can name, and far from overflow.
    private static final long FAR = 1L << 50;

    /// Stretch `i` covers the instants from `starts[i]` to before `starts[i + 1]`.
    private final long[] starts;

    private final int[] offsets;

    private WallClock(long[] starts, int[] offsets) {
        this.starts = starts;
        this.offsets = offsets;
    }

    static WallClock of(ZoneId zone) {
        if (zone.getRules().isFixedOffset()) {
            return new WallClock(new long[] {-FAR, FAR}, new int[] {offset(zone, FIRST)});
        }
        return KNOWN.computeIfAbsent(zone, WallClock::read);
    }

    private static WallClock read(ZoneId zone) {
        var starts = LongStream.builder().add(-FAR);
        var offsets = LongStream.builder().add(offset(zone, FIRST));
        var transition = zone.getRules().nextTransition(FIRST);
        while (transition != null && transition.getInstant().isBefore(LAST)) {
            starts.add(transition.toEpochSecond());
            offsets.add(transition.getOffsetAfter().getTotalSeconds());
            transition = zone.getRules().nextTransition(transition.getInstant());
        }
        return new WallClock(
                starts.add(FAR).build().toArray(),
                offsets.build().mapToInt(Math::toIntExact).toArray());
    }

    private static int offset(ZoneId zone, Instant at) {
        return zone.getRules().getOffset(at).getTotalSeconds();
    }

    /// The first fire time of the rule strictly after `after`.
    Optional<FireTime> next(LocalRule rule, DstPolicy dst, Instant after) {
        boolean elapsed = rule.followsElapsedTime();
        long earliest = Math.max(after.getEpochSecond() + 1, -FAR);
        if (earliest >= FAR) {
            return Optional.empty();
        }
        long asked = LocalRule.NONE_AFTER;
        long found = asked;
        for (int i = stretchAt(earliest); i < offsets.length; i++) {
            long from = firstLocal(i, earliest, elapsed, dst);
            boolean opensWithGap = !elapsed && earliest <= starts[i] && gapBefore(i);
            long wanted = opensWithGap ? starts[i] + offsets[i - 1] : from;
            if (wanted < asked || wanted > found) {
                asked = wanted;
                found = rule.next(wanted);
            }
            if (opensWithGap && found < from) {
                return Optional.of(acrossGap(i, rule.next(from) == from, dst));
            }
            if (found < starts[i + 1] + offsets[i] && found >= from) {
                return Optional.of(at(i, found));
            }
        }
        return Optional.empty();
    }

    /// The last fire time of the rule strictly before `before`: the mirror of [#next].
    Optional<FireTime> previous(LocalRule rule, DstPolicy dst, Instant before) {
        boolean elapsed = rule.followsElapsedTime();
        long latest = before.getEpochSecond() - (before.getNano() == 0 ? 1 : 0);
        latest = Math.min(latest, FAR - 1);
        if (latest < -FAR) {
            return Optional.empty();
        }
        long asked = LocalRule.NONE_BEFORE;
        long found = asked;
        for (int i = stretchAt(latest); i >= 0; i--) {
            long from = firstLocal(i, starts[i], elapsed, dst);
            long to = Math.min(latest, starts[i + 1] - 1) + offsets[i];
            if (to > asked || to < found) {
                asked = to;
                found = rule.previous(to);
            }
            if (found >= from && found <= to) {
                return Optional.of(at(i, found));
            }
            boolean skipped = !elapsed && gapBefore(i) && found >= starts[i] + offsets[i - 1];
            if (skipped) {
                return Optional.of(acrossGap(i, false, dst));
            }
        }
        return Optional.empty();
    }

    /// The first local time of stretch `i`, at or after the instant `earliest`, that may fire.
    /// After an overlap the local times that were there before are left out, unless both are asked
    /// for.
    private long firstLocal(int i, long earliest, boolean elapsed, DstPolicy dst) {
        long local = Math.max(earliest, starts[i]) + offsets[i];
        if (i == 0 || elapsed || dst.overlap() == Overlap.BOTH) {
            return local;
        }
        return Math.max(local, starts[i] + offsets[i - 1]);
    }

    private boolean gapBefore(int i) {
        return i > 0 && offsets[i] > offsets[i - 1];
    }

    private FireTime acrossGap(int i, boolean namedAnyway, DstPolicy dst) {
        if (namedAnyway) {
            return at(i, starts[i] + offsets[i]);
        }
        var fate = dst.gap() == Gap.SKIP ? Fate.SKIPPED_BY_DST : Fate.RUN;
        return new FireTime(Instant.ofEpochSecond(starts[i]), DstMark.GAP, fate);
    }

    private FireTime at(int i, long local) {
        boolean again = i > 0 && local < starts[i] + offsets[i - 1];
        boolean willComeAgain = i + 1 < offsets.length && local >= starts[i + 1] + offsets[i + 1];
        var mark = again || willComeAgain ? DstMark.OVERLAP : DstMark.NONE;
        return new FireTime(Instant.ofEpochSecond(local - offsets[i]), mark, Fate.RUN);
    }

    private int stretchAt(long second) {
        int found = Arrays.binarySearch(starts, second);
        return found >= 0 ? found : -found - 2;
    }
}
