package carillon.dialect.crewai;

import carillon.web.Call;
import java.util.List;
import java.util.Optional;

/// Which part of a list is asked for: `skip` from 0, and `limit` from 1 to 1,000, by default 100.
record Paging(int skip, int limit) {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    static Paging of(Call call) {
        int skip = number(call, "skip").orElse(0);
        int limit = number(call, "limit").orElse(DEFAULT_LIMIT);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw Failures.badQuery("limit", "must be an integer from 1 to " + MAX_LIMIT);
        }
        return new Paging(skip, limit);
    }

    /// A number of at least 0.
    static Optional<Integer> number(Call call, String name) {
        return call.query(name)
                .map(
                        text -> {
                            if (!text.matches("\\d{1,9}")) {
                                throw Failures.badQuery(name, "must be an integer of at least 0");
                            }
                            return Integer.parseInt(text);
                        });
    }

    /// An id that a list is to be narrowed to.
    static Optional<Long> id(Call call, String name) {
        return call.query(name)
                .map(
                        text -> {
                            if (!text.matches("\\d{1,16}")) {
                                throw Failures.badQuery(name, "must be an integer");
                            }
                            return Long.parseLong(text);
                        });
    }

    static boolean bool(Call call, String name, boolean otherwise) {
        return switch (call.query(name).orElse(Boolean.toString(otherwise))) {
            case "true", "True", "1" -> true;
            case "false", "False", "0" -> false;
            default -> throw Failures.badQuery(name, "must be true or false");
        };
    }

    static Optional<String> choice(Call call, String name, List<String> choices) {
        var chosen = call.query(name);
        if (chosen.isPresent() && !choices.contains(chosen.get())) {
            throw Failures.badQuery(name, "must be one of " + String.join(", ", choices));
        }
        return chosen;
    }

    /// The part of a list that is there as a whole.
    <T> List<T> of(List<T> all) {
        return all.stream().skip(skip).limit(limit).toList();
    }
}
