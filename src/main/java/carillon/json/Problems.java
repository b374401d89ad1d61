package carillon.json;

import java.util.ArrayList;
import java.util.List;

/// Collects what is wrong, so that a person learns of everything at once. Keeps the first
/// [#MAX_KEPT] problems.
public final class Problems {
    public static final int MAX_KEPT = 100;
    private static final int MAX_FIELD_LENGTH = 200;

    private final List<Problem> kept = new ArrayList<>();
    private int count;

    public void add(String field, String message) {
        count++;
        if (kept.size() < MAX_KEPT) {
            var shown =
                    field.length() > MAX_FIELD_LENGTH
                            ? field.substring(0, MAX_FIELD_LENGTH) + "…"
                            : field;
            kept.add(new Problem(shown, message));
        }
    }

    public boolean isEmpty() {
        return kept.isEmpty();
    }

    /// In the order in which they were found.
    public List<Problem> list() {
        return List.copyOf(kept);
    }

    /// How many were found, kept or not.
    public int count() {
        return count;
    }

    @Override
    public String toString() {
        return String.join("; ", kept.stream().map(Problem::toString).toList());
    }
}
