package carillon.action;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where a value stands in JSON: names and places in lists, between dots, such as
/// `steps.score.output.items.0`. There is no more to it: no wildcards, no calls.
public record ValuePath(List<String> parts) {
    public static final int MAX_LENGTH = 1_000;
    public static final int MAX_PARTS = 50;

    public ValuePath {
        parts = List.copyOf(parts);
        if (parts.isEmpty() || parts.size() > MAX_PARTS) {
            throw new IllegalArgumentException("a path has 1 to " + MAX_PARTS + " parts");
        }
        if (parts.stream().anyMatch(part -> part.isBlank() || part.contains("."))) {
            throw new IllegalArgumentException("a part of a path is neither blank nor has dots");
        }
    }

    /// Reads what [#toString] wrote. Throws [IllegalArgumentException], with a reason for people.
    public static ValuePath of(String text) {
        requireNonNull(text, "text");
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a path has at most " + MAX_LENGTH + " characters");
        }
        return new ValuePath(List.of(text.split("\\.", -1)));
    }

    /// What stands at this path below `root`, where objects are maps, arrays are lists; empty where
    /// the path leads nowhere.
    public Optional<Object> in(Object root) {
        Optional<Object> here = Optional.of(root);
        for (var part : parts) {
            here = here.flatMap(value -> inside(value, part));
        }
        return here;
    }

    private static Optional<Object> inside(Object value, String part) {
        return switch (value) {
            case Map<?, ?> object -> Optional.ofNullable(object.get(part));
            case List<?> array -> item(array, part);
            default -> Optional.empty();
        };
    }

    private static Optional<Object> item(List<?> array, String part) {
        if (part.length() > 9 || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        int place = Integer.parseInt(part);
        return place < array.size() ? Optional.ofNullable(array.get(place)) : Optional.empty();
    }

    @Override
    public String toString() {
        return String.join(".", parts);
    }
}
