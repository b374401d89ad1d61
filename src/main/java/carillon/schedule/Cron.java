package carillon.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;

/// A cron expression in a zone: OCPS 1.0 to 1.4, with `H` and a `CRON_TZ=Zone ` prefix. Years run
/// from 1970 to 2199 (OCPS 1.4 section 4.3.2); outside of them nothing fires.
///
/// Compiled when made, immutable, and equal to another by text, zone, policy and spread.
public final class Cron implements Schedule {
    private final String text;
    private final ZoneId zone;
    private final DstPolicy dst;
    private final long spread;
    private final CronFields fields;
    private final CronPattern pattern;
    private final WallClock clock;

    /// Reads the expression. A zone in its prefix wins over `zone`; `spread` decides what `H`
    /// stands for. Throws [ScheduleException] for a text that is no expression or can never fire;
    /// `@every` is read by [Schedules#cron].
    public Cron(String text, ZoneId zone, DstPolicy dst, long spread) {
        this.text = requireNonNull(text, "text");
        this.dst = requireNonNull(dst, "dst");
        this.spread = spread;
        var parts = CronText.of(text);
        this.zone = parts.zone().orElse(requireNonNull(zone, "zone"));
        this.fields = CronReader.read(parts, spread);
        this.pattern = new CronPattern(fields);
        if (!pattern.everMatches()) {
            throw new ScheduleException(
                    "\"%s\" can never fire: no date from 1970 to 2199 matches its day and month"
                            .formatted(parts.body()),
                    parts.from());
        }
        this.clock = WallClock.of(this.zone);
    }

    /// As it was written, with its prefix.
    public String text() {
        return text;
    }

    @Override
    public ZoneId zone() {
        return zone;
    }

    public DstPolicy dst() {
        return dst;
    }

    public long spread() {
        return spread;
    }

    @Override
    public Optional<FireTime> next(Instant after) {
        return clock.next(pattern, dst, after);
    }

    @Override
    public Optional<FireTime> previous(Instant before) {
        return clock.previous(pattern, dst, before);
    }

    @Override
    public String describe() {
        return CronWords.of(fields) + ", " + Words.zone(zone);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cron that
                && text.equals(that.text)
                && zone.equals(that.zone)
                && dst.equals(that.dst)
                && spread == that.spread;
    }

    @Override
    public int hashCode() {
        return Objects.hash(text, zone, dst, spread);
    }

    @Override
    public String toString() {
        return "Cron[" + text + ", " + zone + "]";
    }
}
