package carillon.egress;

import java.util.BitSet;

/// What a header can be made of: the last line of defence against smuggling a second one in. APIs
/// say it more kindly, and earlier.
final class HeaderRules {
    private static final BitSet TOKEN = new BitSet();

    static {
        "!#$%&'*+.^_`|~-".chars().forEach(TOKEN::set);
        TOKEN.set('0', '9' + 1);
        TOKEN.set('A', 'Z' + 1);
        TOKEN.set('a', 'z' + 1);
    }

    private HeaderRules() {}

    /// A token of RFC 9110.
    static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!TOKEN.get(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /// Of one line.
    static boolean isValue(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\t' && (c < ' ' || c == 0x7f)) {
                return false;
            }
        }
        return true;
    }
}
