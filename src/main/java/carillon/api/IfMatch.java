package carillon.api;

import carillon.web.Call;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/// The condition that `If-Match` puts on a change (RFC 9110, 13.1.1), for resources whose tag is
/// their version.
final class IfMatch {
    private IfMatch() {}

    static String etag(int version) {
        return "\"" + version + "\"";
    }

    /// The version that the change is held to, which is the current one; empty without a condition.
    /// Throws what `lostRace` makes of the current version when that is another.
    static OptionalInt version(Call call, int current, IntFunction<RuntimeException> lostRace) {
        var condition = condition(call);
        if (condition.isEmpty()) {
            return OptionalInt.empty();
        }
        var tags = Stream.of(condition.get().split(",", -1)).map(String::strip);
        if (tags.noneMatch(etag(current)::equals)) {
            throw lostRace.apply(current);
        }
        return OptionalInt.of(current);
    }

    private static Optional<String> condition(Call call) {
        return call.header("If-Match").map(String::strip).filter(text -> !text.equals("*"));
    }
}
