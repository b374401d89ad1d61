package carillon.json;

import carillon.schedule.DurationText;
import carillon.schedule.ScheduleException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// The fields of one JSON object, read one by one. A field that is absent or `null` reads as empty;
/// so does one with a wrong value, which is also noted as a problem. [#done] notes the fields that
/// nobody asked for.
public final class Fields {
    private static final int MAX_YEAR = 9999;

    private final ObjectNode node;
    private final String path;
    private final Problems problems;
    private final Set<String> known = new LinkedHashSet<>();

    private Fields(ObjectNode node, String path, Problems problems) {
        this.node = node;
        this.path = path;
        this.problems = problems;
    }

    /// The fields of `node`, which stands at `path`; empty, and a problem, when it is no object.
    public static Optional<Fields> of(JsonNode node, String path, Problems problems) {
        if (node instanceof ObjectNode object) {
            return Optional.of(new Fields(object, path, problems));
        }
        problems.add(path, "must be an object");
        return Optional.empty();
    }

    /// The full path of a field of this object.
    public String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    public Problems problems() {
        return problems;
    }

    public void problem(String name, String message) {
        problems.add(path(name), message);
    }

    /// Notes a problem with this object as a whole.
    public void problem(String message) {
        problems.add(path, message);
    }

    /// These names may stand here, although nobody reads them.
    public void allow(Collection<String> names) {
        known.addAll(names);
    }

    public Optional<JsonNode> raw(String name) {
        known.add(name);
        var value = node.get(name);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    public boolean has(String name) {
        return raw(name).isPresent();
    }

    public Optional<Fields> object(String name) {
        return raw(name).flatMap(value -> of(value, path(name), problems));
    }

    /// The items of an array.
    public Optional<List<JsonNode>> array(String name, int maxItems) {
        var value = raw(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!value.get().isArray()) {
            return wrong(name, "must be an array");
        }
        if (value.get().size() > maxItems) {
            return wrong(name, "must have at most " + maxItems + " items");
        }
        var items = new ArrayList<JsonNode>();
        value.get().forEach(items::add);
        return Optional.of(items);
    }

    /// Any text, the empty one included.
    public Optional<String> text(String name, int maxLength) {
        return raw(name).flatMap(value -> text(value, name, maxLength));
    }

    private Optional<String> text(JsonNode value, String name, int maxLength) {
        if (!value.isTextual()) {
            return wrong(name, "must be a string");
        }
        if (value.textValue().length() > maxLength) {
            return wrong(name, "must have at most " + maxLength + " characters");
        }
        return Optional.of(value.textValue());
    }

    /// A text that must be there and not blank.
    public Optional<String> requiredText(String name, int maxLength) {
        if (!has(name)) {
            return wrong(name, "is required");
        }
        return text(name, maxLength).flatMap(text -> notBlank(name, text));
    }

    private Optional<String> notBlank(String name, String text) {
        return text.isBlank() ? wrong(name, "must not be blank") : Optional.of(text);
    }

    /// An object whose values are all texts, in the order given.
    public Optional<Map<String, String>> texts(String name, int maxItems, int maxLength) {
        var inner = object(name);
        if (inner.isEmpty()) {
            return Optional.empty();
        }
        if (inner.get().node.size() > maxItems) {
            return wrong(name, "must have at most " + maxItems + " entries");
        }
        var texts = new LinkedHashMap<String, String>();
        for (var entry : inner.get().node.properties()) {
            inner.get()
                    .text(entry.getValue(), entry.getKey(), maxLength)
                    .ifPresent(text -> texts.put(entry.getKey(), text));
        }
        return Optional.of(texts);
    }

    public Optional<Boolean> bool(String name) {
        return raw(name)
                .flatMap(
                        value ->
                                value.isBoolean()
                                        ? Optional.of(value.booleanValue())
                                        : wrong(name, "must be true or false"));
    }

    public OptionalInt integer(String name, int min, int max) {
        var value = wholeNumber(name, min, max);
        return value.isPresent()
                ? OptionalInt.of(Math.toIntExact(value.getAsLong()))
                : OptionalInt.empty();
    }

    public OptionalLong wholeNumber(String name, long min, long max) {
        var value = raw(name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        var number = value.get();
        if (number.isIntegralNumber()
                && number.canConvertToLong()
                && number.longValue() >= min
                && number.longValue() <= max) {
            return OptionalLong.of(number.longValue());
        }
        problem(
                name,
                max == Long.MAX_VALUE
                        ? "must be a whole number of at least " + min
                        : "must be a whole number from " + min + " to " + max);
        return OptionalLong.empty();
    }

    public OptionalDouble number(String name, double min, double max) {
        var value = raw(name);
        if (value.isEmpty()) {
            return OptionalDouble.empty();
        }
        double number = value.get().isNumber() ? value.get().doubleValue() : Double.NaN;
        if (number >= min && number <= max) {
            return OptionalDouble.of(number);
        }
        problem(name, "must be a number from " + plain(min) + " to " + plain(max));
        return OptionalDouble.empty();
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    /// A duration as people write it: `300ms`, `5s`, `1h30m`, `2d`, `PT5M`.
    public Optional<Duration> duration(String name) {
        var value = raw(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!value.get().isTextual()) {
            return wrong(name, "must be a duration such as 300ms, 5s, 1h30m or 2d");
        }
        try {
            return Optional.of(DurationText.parse(value.get().textValue()));
        } catch (ScheduleException e) {
            return wrong(name, e.getMessage());
        }
    }

    /// An instant in RFC 3339, to the millisecond.
    public Optional<Instant> instant(String name) {
        return text(name, 64).flatMap(text -> instant(name, text));
    }

    private Optional<Instant> instant(String name, String text) {
        try {
            var time = OffsetDateTime.parse(text);
            if (time.getYear() >= 0 && time.getYear() <= MAX_YEAR) {
                return Optional.of(time.toInstant().truncatedTo(ChronoUnit.MILLIS));
            }
        } catch (DateTimeException _) {
            // The problem below says the same for every way to miss the form.
        }
        return wrong(name, "must be a time such as 2026-03-29T09:00:00Z or with an offset");
    }

    /// An IANA zone such as `Europe/Berlin`, `UTC`, or an offset such as `+02:00`.
    public Optional<ZoneId> zone(String name) {
        return text(name, 64).flatMap(text -> zone(name, text));
    }

    private Optional<ZoneId> zone(String name, String text) {
        try {
            return Optional.of(ZoneId.of(text));
        } catch (DateTimeException _) {
            return wrong(
                    name,
                    "unknown time zone '"
                            + text
                            + "'"
                            + Nearest.hint(text, ZoneId.getAvailableZoneIds()));
        }
    }

    /// One of the constants of `type`, in either case.
    public <E extends Enum<E>> Optional<E> word(String name, Class<E> type) {
        var value = raw(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        var words = new ArrayList<String>();
        for (var constant : type.getEnumConstants()) {
            if (value.get().isTextual() && constant.name().equalsIgnoreCase(value.get().asText())) {
                return Optional.of(constant);
            }
            words.add(word(constant));
        }
        return wrong(name, "must be one of " + String.join(", ", words));
    }

    /// The way a constant is written: in lower case.
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /// Notes each field that nobody has asked for.
    public void done() {
        for (var entry : node.properties()) {
            if (!known.contains(entry.getKey())) {
                problem(entry.getKey(), "unknown field" + Nearest.hint(entry.getKey(), known));
            }
        }
    }

    private <T> Optional<T> wrong(String name, String message) {
        problem(name, message);
        return Optional.empty();
    }
}
