package carillon.prompt;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a prompt says: its template `text`, the variables in it, and how it is found. `category` is
/// empty for none. Guards hold the limits; what the text says is judged by [PromptTemplate].
public record PromptDefinition(
        String name,
        String category,
        String description,
        List<String> tags,
        String text,
        List<Variable> variables) {
    public static final int MAX_NAME_LENGTH = 100;
    public static final int MAX_CATEGORY_LENGTH = 100;
    public static final int MAX_DESCRIPTION_LENGTH = 2_000;
    public static final int MAX_TAGS = 50;
    public static final int MAX_TAG_LENGTH = 200;
    public static final int MAX_VARIABLES = 100;

    /// In UTF-8.
    public static final int MAX_TEXT_BYTES = 256 * 1024;

    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9 ._-]*[A-Za-z0-9._-])?");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    public PromptDefinition {
        require("name", nameFault(name));
        requireNonNull(category, "category");
        requireNonNull(description, "description");
        tags = List.copyOf(tags);
        tags.forEach(tag -> require("tag", tagFault(tag)));
        require("text", textFault(text));
        variables = List.copyOf(variables);
        if (tags.size() > MAX_TAGS || variables.size() > MAX_VARIABLES) {
            throw new IllegalArgumentException("too many tags or variables");
        }
        if (variables.stream().map(Variable::name).distinct().count() < variables.size()) {
            throw new IllegalArgumentException("two variables have one name");
        }
    }

    private static void require(String what, Optional<String> fault) {
        fault.ifPresent(
                message -> {
                    throw new IllegalArgumentException(what + ": " + message);
                });
    }

    /// Why a prompt cannot be called so; empty when it can.
    public static Optional<String> nameFault(String name) {
        if (name.length() > MAX_NAME_LENGTH || !NAME.matcher(name).matches()) {
            return Optional.of(
                    "must have 1 to "
                            + MAX_NAME_LENGTH
                            + " letters, digits, spaces, '.', '_' and '-', begin with a letter or"
                            + " digit and not end with a space");
        }
        return DIGITS.matcher(name).matches()
                ? Optional.of("must not be a number, which could not be told from an id")
                : Optional.empty();
    }

    /// Why a prompt cannot have this tag; empty when it can.
    public static Optional<String> tagFault(String tag) {
        return tag.isBlank()
                        || tag.length() > MAX_TAG_LENGTH
                        || tag.chars().anyMatch(Character::isISOControl)
                ? Optional.of(
                        "a tag has 1 to " + MAX_TAG_LENGTH + " characters and none that controls")
                : Optional.empty();
    }

    /// Why a prompt cannot have this text, whatever it says; empty when it can.
    public static Optional<String> textFault(String text) {
        if (text.isBlank()) {
            return Optional.of("must not be blank");
        }
        return text.getBytes(StandardCharsets.UTF_8).length > MAX_TEXT_BYTES
                ? Optional.of("must have at most " + MAX_TEXT_BYTES + " bytes in UTF-8")
                : Optional.empty();
    }
}
