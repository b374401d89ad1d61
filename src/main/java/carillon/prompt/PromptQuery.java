package carillon.prompt;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalLong;

/// Which prompts to list, newest first. `text` is looked for in name, description and text, without
/// case; `tag` is one whole tag, without case; `category` is exact. `before` pages by id (those
/// below it).
public record PromptQuery(
        Optional<String> text,
        Optional<String> category,
        Optional<String> tag,
        OptionalLong before,
        int limit) {
    public PromptQuery {
        requireNonNull(text, "text");
        requireNonNull(category, "category");
        requireNonNull(tag, "tag");
        requireNonNull(before, "before");
        if (limit < 0) {
            throw new IllegalArgumentException("limit must not be negative");
        }
    }
}
