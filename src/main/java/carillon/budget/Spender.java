package carillon.budget;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.function.Supplier;

/// Whose money a call takes: what stored budgets can know it by. `madeBy` is who made the task's
/// version, as `created_by` says; it is asked for only where there are budgets of keys.
record Spender(Map<String, String> tags, String model, Supplier<String> madeBy) {
    private static final String KEY = "key:";

    Spender {
        tags = Map.copyOf(tags);
        requireNonNull(model, "model");
        requireNonNull(madeBy, "madeBy");
    }

    boolean hasTag(String wanted) {
        if (tags.containsKey(wanted)) {
            return true;
        }
        int equals = wanted.indexOf('=');
        return equals > 0
                && wanted.substring(equals + 1).equals(tags.get(wanted.substring(0, equals)));
    }

    boolean isMadeBy(String wanted) {
        var maker = madeBy.get();
        return maker.equals(wanted) || maker.equals(KEY + wanted);
    }
}
