package carillon.processor;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The addresses that a mail goes to, as people write them: with commas between them.
public final class MailAddresses {
    public static final int MAX = 50;

    private static final int MAX_LENGTH = 254;
    private static final Pattern ADDRESS =
            Pattern.compile(
                    "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*");

    private MailAddresses() {}

    public static List<String> split(String text) {
        return Stream.of(text.split(",", -1)).map(String::strip).toList();
    }

    /// What is wrong with a list of addresses, if anything is.
    public static Optional<String> fault(String text) {
        var addresses = split(text);
        if (addresses.size() > MAX) {
            return Optional.of("must have at most " + MAX + " addresses");
        }
        return addresses.stream().allMatch(MailAddresses::isOne)
                ? Optional.empty()
                : Optional.of("must be mail addresses such as a@example.com, with commas between");
    }

    /// The same for one address.
    public static Optional<String> oneFault(String text) {
        return isOne(text)
                ? Optional.empty()
                : Optional.of("must be a mail address such as a@example.com");
    }

    private static boolean isOne(String text) {
        return text.length() <= MAX_LENGTH && ADDRESS.matcher(text).matches();
    }
}
