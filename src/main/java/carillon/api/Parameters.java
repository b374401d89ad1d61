package carillon.api;

import carillon.json.Fields;
import carillon.json.Problems;
import carillon.run.RunId;
import carillon.schedule.DurationText;
import carillon.schedule.ScheduleException;
import carillon.task.TaskId;
import carillon.web.Call;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// Reads what stands in paths and queries. What cannot be read is refused by its name.
final class Parameters {
    static final int DEFAULT_LIMIT = 20;
    static final int MAX_LIMIT = 100;

    private static final long MAX_ID = (1L << 53) - 1;

    private Parameters() {}

    /// The path's `id`; one that no task can have is one that no task has.
    static TaskId taskId(Call call) {
        return id(call.path("id"))
                .map(TaskId::new)
                .orElseThrow(() -> Refused.noTask(shown(call.path("id"))));
    }

    static RunId runId(Call call) {
        return id(call.path("id"))
                .map(RunId::new)
                .orElseThrow(() -> Refused.noRun(shown(call.path("id"))));
    }

    /// For a message: cut when it is long.
    static String shown(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }

    static Optional<Long> id(String text) {
        if (!text.matches("[1-9][0-9]{0,15}")) {
            return Optional.empty();
        }
        long id = Long.parseLong(text);
        return id <= MAX_ID ? Optional.of(id) : Optional.empty();
    }

    static Optional<TaskId> taskIdQuery(Call call, String name) {
        return call.query(name)
                .map(
                        text ->
                                id(text).map(TaskId::new)
                                        .orElseThrow(() -> Refused.invalid(name, "must be an id")));
    }

    static int limit(Call call) {
        var text = call.query("limit");
        if (text.isEmpty()) {
            return DEFAULT_LIMIT;
        }
        if (text.get().matches("[0-9]{1,3}")) {
            int limit = Integer.parseInt(text.get());
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        }
        throw Refused.invalid("limit", "must be a whole number from 1 to " + MAX_LIMIT);
    }

    /// Where the last page ended, as [#cursor(long)] wrote it.
    static OptionalLong cursor(Call call) {
        var text = call.query("cursor");
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text.get());
            return OptionalLong.of(Long.parseLong(new String(bytes, StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException e) {
            throw Refused.invalid("cursor", "must be the next_cursor of an earlier answer");
        }
    }

    static String cursor(long position) {
        byte[] bytes = Long.toString(position).getBytes(StandardCharsets.US_ASCII);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static Optional<Boolean> bool(Call call, String name) {
        return call.query(name)
                .map(
                        text ->
                                switch (text.toLowerCase(Locale.ROOT)) {
                                    case "true" -> true;
                                    case "false" -> false;
                                    default -> throw Refused.invalid(name, "must be true or false");
                                });
    }

    /// A time in RFC 3339, to the millisecond.
    static Optional<Instant> instant(Call call, String name) {
        var text = call.query(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            // A plus sign that was not encoded has become a space.
            var time = OffsetDateTime.parse(text.get().replace(' ', '+'));
            if (time.getYear() >= 0 && time.getYear() <= 9999) {
                return Optional.of(time.toInstant().truncatedTo(ChronoUnit.MILLIS));
            }
        } catch (DateTimeException e) {
            throw noInstant(name);
        }
        throw noInstant(name);
    }

    private static RuntimeException noInstant(String name) {
        return Refused.invalid(name, "must be a time such as 2026-03-29T09:00:00Z");
    }

    static Optional<Duration> duration(Call call, String name, Duration max) {
        var text = call.query(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Duration duration;
        try {
            duration = DurationText.parse(text.get());
        } catch (ScheduleException e) {
            throw Refused.invalid(name, e.getMessage());
        }
        if (duration.compareTo(max) > 0) {
            throw Refused.invalid(name, "must be at most " + DurationText.write(max));
        }
        return Optional.of(duration);
    }

    /// For calls that take no body: none, or an empty object.
    static void requireEmptyBody(Call call) {
        if (!call.hasBody()) {
            return;
        }
        var problems = new Problems();
        Fields.of(call.json(), "", problems).ifPresent(Fields::done);
        if (!problems.isEmpty()) {
            throw Refused.of(problems);
        }
    }
}
