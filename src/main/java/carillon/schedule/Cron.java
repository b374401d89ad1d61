package carillon.schedule;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/// A cron expression in a zone. Being written: the signature is settled, the rules follow.
public record Cron(String text, ZoneId zone, DstPolicy dst, long spread) implements Schedule {
    @Override
    public Optional<FireTime> next(Instant after) {
        return Optional.empty();
    }

    @Override
    public Optional<FireTime> previous(Instant before) {
        return Optional.empty();
    }

    @Override
    public String describe() {
        return text;
    }
}
