package carillon.dialect.gptrunner;

import carillon.json.Json;
import carillon.json.Problems;
import carillon.web.Call;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which part of a list is asked for: `page` from 1, `limit` from 1 to 100, by default 10.
record Paging(int page, int limit) {
    private static final int DEFAULT_LIMIT = 10;
    private static final int MAX_LIMIT = 100;
    private static final int MAX_PAGE = 10_000_000;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final int MAX_YEAR = 9999;

    static Paging of(Call call, Problems problems) {
        return new Paging(
                number(call, "page", 1, MAX_PAGE, problems),
                number(call, "limit", DEFAULT_LIMIT, MAX_LIMIT, problems));
    }

    private static int number(Call call, String name, int preset, int max, Problems problems) {
        var text = call.query(name);
        if (text.isEmpty()) {
            return preset;
        }
        int number = NUMBER.matcher(text.get()).matches() ? Integer.parseInt(text.get()) : 0;
        if (number < 1 || number > max) {
            problems.add(name, "must be a whole number from 1 to " + max);
            return preset;
        }
        return number;
    }

    /// The query parameter, if it is one of `choices`.
    static Optional<String> choice(
            Call call, String name, List<String> choices, Problems problems) {
        var chosen = call.query(name);
        if (chosen.isPresent() && !choices.contains(chosen.get())) {
            problems.add(name, "must be one of " + String.join(", ", choices));
            return Optional.empty();
        }
        return chosen;
    }

    /// A timestamp, or a day, which stands for its beginning in UTC.
    static Optional<Instant> instant(Call call, String name, Problems problems) {
        var text = call.query(name);
        var instant = text.flatMap(Paging::instant);
        if (text.isPresent() && instant.isEmpty()) {
            problems.add(name, "must be a time such as 2025-01-01T00:00:00.000Z");
        }
        return instant;
    }

    private static Optional<Instant> instant(String text) {
        try {
            var at =
                    text.length() == "2025-01-01".length()
                            ? LocalDate.parse(text).atStartOfDay().atOffset(ZoneOffset.UTC)
                            : OffsetDateTime.parse(text);
            return at.getYear() >= 0 && at.getYear() <= MAX_YEAR
                    ? Optional.of(at.toInstant())
                    : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty(); // The caller says what is wrong with it.
        }
    }

    int offset() {
        return (page - 1) * limit;
    }

    /// `{tasks, pagination: {page, limit, total, totalPages}}`.
    ObjectNode answer(List<ObjectNode> rows, long total) {
        var out = Json.object();
        out.putArray("tasks").addAll(rows);
        out.putObject("pagination")
                .put("page", page)
                .put("limit", limit)
                .put("total", total)
                .put("totalPages", Math.ceilDiv(total, limit));
        return out;
    }
}
