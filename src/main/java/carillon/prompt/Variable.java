package carillon.prompt;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A variable that a prompt declares. One that is not given has the value of `preset` (`default` in
/// JSON), or else is empty; one that is `required` and has no `preset` must be given.
public record Variable(String name, String description, boolean required, Optional<String> preset) {
    public static final int MAX_NAME_LENGTH = 100;
    public static final int MAX_DESCRIPTION_LENGTH = 2_000;
    public static final int MAX_PRESET_LENGTH = 65_536;

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

    /// Words that mean something else in a template.
    private static final Set<String> RESERVED = Set.of("include", "this");

    public Variable {
        requireNonNull(description, "description");
        requireNonNull(preset, "preset");
        nameFault(name)
                .ifPresent(
                        fault -> {
                            throw new IllegalArgumentException(name + ": " + fault);
                        });
    }

    /// Why a variable cannot be called so; empty when it can.
    public static Optional<String> nameFault(String name) {
        if (name.length() > MAX_NAME_LENGTH || !NAME.matcher(name).matches()) {
            return Optional.of(
                    "must begin with a letter or _ and have at most "
                            + MAX_NAME_LENGTH
                            + " letters, digits, _ and -");
        }
        if (RESERVED.contains(name)) {
            return Optional.of("'" + name + "' is a word of templates");
        }
        return Builtins.NAMES.contains(name)
                ? Optional.of("'" + name + "' is built in")
                : Optional.empty();
    }
}
