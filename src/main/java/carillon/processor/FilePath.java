package carillon.processor;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/// The rules for paths that processors write to: plain names with slashes between them, which stay
/// under the root by their form alone.
public final class FilePath {
    public static final int MAX_LENGTH = 500;

    private static final int MAX_NAME_BYTES = 200;
    private static final int MAX_DEPTH = 20;
    private static final int MAX_VALUE_LENGTH = 100;

    private static final Pattern NOT_PLAIN = Pattern.compile("[^\\p{L}\\p{N} ._+@-]");

    private FilePath() {}

    /// What is wrong with a path, if anything is.
    public static Optional<String> fault(String path) {
        if (path.length() > MAX_LENGTH) {
            return Optional.of("must have at most " + MAX_LENGTH + " characters");
        }
        var names = path.split("/", -1);
        if (names.length > MAX_DEPTH) {
            return Optional.of("must be at most " + MAX_DEPTH + " names deep");
        }
        for (var name : names) {
            if (name.isBlank() || name.startsWith(".") || name.endsWith(" ")) {
                return Optional.of(
                        "must be a path under files.root, such as reports/{{date}}.txt, without"
                                + " '..', hidden or empty names");
            }
            if (name.contains("\\") || name.chars().anyMatch(Character::isISOControl)) {
                return Optional.of("must have no backslash and no control character");
            }
            if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
                return Optional.of("must have no name of more than " + MAX_NAME_BYTES + " bytes");
            }
        }
        return Optional.empty();
    }

    /// What is wrong with a template of a path: with the path that it makes of plain values.
    public static Optional<String> templateFault(String text) {
        return ProcessorTemplate.fault(text)
                .or(() -> fault(ProcessorTemplate.of(text).renderAll("x")));
    }

    /// A value as a part of one name: what is no letter, digit, blank or one of `._+@-` becomes
    /// `_`, leading dots as well.
    public static String plain(String value) {
        var cut = value.length() > MAX_VALUE_LENGTH ? value.substring(0, MAX_VALUE_LENGTH) : value;
        var plain = NOT_PLAIN.matcher(cut).replaceAll("_").strip();
        int dots = 0;
        while (dots < plain.length() && plain.charAt(dots) == '.') {
            dots++;
        }
        return "_".repeat(dots) + plain.substring(dots);
    }
}
