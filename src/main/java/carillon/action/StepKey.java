package carillon.action;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which step of a workflow: its place, counted from 0; in a loop the pass, counted from 1, else 0;
/// and, where the step is done for each item of a list, which, counted from 1, else 0.
public record StepKey(int place, int pass, int item) {
    private static final Pattern TEXT =
            Pattern.compile("(\\d{1,6})(?::(\\d{1,9}))?(?::([1-9]\\d{0,8}))?");

    public StepKey {
        if (place < 0 || pass < 0 || item < 0) {
            throw new IllegalArgumentException("place, pass and item are at least 0");
        }
    }

    /// Reads what [#toString] wrote; empty for anything else.
    public static Optional<StepKey> read(String text) {
        var parts = TEXT.matcher(text);
        return parts.matches()
                ? Optional.of(new StepKey(number(parts, 1), number(parts, 2), number(parts, 3)))
                : Optional.empty();
    }

    private static int number(Matcher parts, int group) {
        return Optional.ofNullable(parts.group(group)).map(Integer::parseInt).orElse(0);
    }

    /// `7`, `7:2` in the second pass, `7:0:5` for the fifth item.
    @Override
    public String toString() {
        if (item > 0) {
            return place + ":" + pass + ":" + item;
        }
        return pass > 0 ? place + ":" + pass : Integer.toString(place);
    }
}
