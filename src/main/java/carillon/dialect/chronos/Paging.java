package carillon.dialect.chronos;

import carillon.web.Call;
import java.util.OptionalInt;

/// `limit` and `offset` as Chronos reads them: what makes no sense counts as not given.
final class Paging {
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 100;

    private Paging() {}

    /// 20 when there is none or no sensible one; at most 100.
    static int limit(Call call) {
        return Math.min(positive(call, "limit").orElse(DEFAULT_LIMIT), MAX_LIMIT);
    }

    static int limitOr(Call call, int unlimited) {
        return call.query("limit").isPresent() ? limit(call) : unlimited;
    }

    static int offset(Call call) {
        return positive(call, "offset").orElse(0);
    }

    private static OptionalInt positive(Call call, String name) {
        try {
            int number = Integer.parseInt(call.query(name).orElse("0"));
            return number > 0 ? OptionalInt.of(number) : OptionalInt.empty();
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }
}
