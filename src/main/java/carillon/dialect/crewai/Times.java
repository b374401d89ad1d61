package carillon.dialect.crewai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Times in UTC, with milliseconds where there are any.
final class Times {
    private Times() {}

    static String write(Instant at) {
        return at.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /// As a field that is `null` where there is none.
    static ObjectNode put(ObjectNode out, String name, Optional<Instant> at) {
        return at.map(time -> out.put(name, write(time))).orElseGet(() -> out.putNull(name));
    }
}
