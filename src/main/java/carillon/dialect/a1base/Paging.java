package carillon.dialect.a1base;

import carillon.json.Json;
import carillon.web.Answer;
import carillon.web.Call;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which part of a list is asked for: `limit` from 1 to 100, by default 20, and `offset` from 0.
record Paging(int limit, int offset) {
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 100;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    static Paging of(Call call, Faults faults) {
        int limit = number(call, "limit").orElse(DEFAULT_LIMIT);
        if (limit < 1 || limit > MAX_LIMIT) {
            faults.add("limit", "Must be an integer from 1 to " + MAX_LIMIT);
            limit = DEFAULT_LIMIT;
        }
        int offset = number(call, "offset").orElse(0);
        if (offset < 0) {
            faults.add("offset", "Must be an integer of at least 0");
            offset = 0;
        }
        return new Paging(limit, offset);
    }

    /// The number that was sent, -1 when it is none.
    private static Optional<Integer> number(Call call, String name) {
        return call.query(name)
                .map(text -> NUMBER.matcher(text).matches() ? Integer.parseInt(text) : -1);
    }

    /// The query parameter, if it is one of `choices`.
    static Optional<String> choice(Call call, String name, List<String> choices, Faults faults) {
        var chosen = call.query(name);
        if (chosen.isPresent() && !choices.contains(chosen.get())) {
            faults.add(name, "Must be one of: " + String.join(", ", choices));
            return Optional.empty();
        }
        return chosen;
    }

    /// `{data, meta: {total, limit, offset}}`.
    Answer answer(List<ObjectNode> rows, long total) {
        var out = Json.object();
        out.putArray("data").addAll(rows);
        out.putObject("meta").put("total", total).put("limit", limit).put("offset", offset);
        return Answer.ok(out);
    }
}
