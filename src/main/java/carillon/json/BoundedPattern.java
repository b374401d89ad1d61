package carillon.json;

import com.networknt.schema.regex.RegularExpression;
import java.util.regex.Pattern;

/// A regular expression whose search ends: some expressions look at a text over and over, for
/// years.
final class BoundedPattern implements RegularExpression {
    /// How many characters are looked at, one several times.
    private static final int MAX_STEPS = 20_000_000;

    private final Pattern pattern;

    BoundedPattern(String expression) {
        this.pattern = Pattern.compile(expression);
    }

    @Override
    public boolean matches(String value) {
        return pattern.matcher(new Counted(value)).find();
    }

    /// A search that was given up.
    static final class TooLongException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLongException() {
            super("a pattern takes too long");
        }
    }

    /// A text that can be looked at only so often.
    private static final class Counted implements CharSequence {
        private final CharSequence text;
        private int left = MAX_STEPS;

        Counted(CharSequence text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            left--;
            if (left < 0) {
                throw new TooLongException();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
