package carillon.processor;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A way in which an output can go. Each has a template of its own, for tasks that give none.
public enum ProcessorType {
    CONSOLE("Writes one line to the server's log", "{{task}}, run {{run_id}}: {{response}}"),
    FILE("Writes a file under files.root", "{{response}}\n"),
    WEBHOOK("Posts a JSON event, signed as Standard Webhooks says", ""),
    SLACK("Posts to an incoming webhook of Slack", "*{{task}}*\n{{response}}"),
    TEAMS("Posts a card to a workflow of Microsoft Teams", "**{{task}}**\n\n{{response}}"),
    EMAIL("Sends a mail", "{{response}}\n\n-- \nTask {{task}}, run {{run_id}}, {{datetime}}\n"),
    GITHUB(
            "Opens an issue on GitHub, or comments on one",
            "{{response}}\n\n*Task {{task}}, run {{run_id}}*\n");

    /// The subject of mails by default.
    public static final String DEFAULT_SUBJECT = "{{task}}";

    /// The title of issues by default.
    public static final String DEFAULT_TITLE = "{{task}} {{date}}";

    private final String description;
    private final String template;

    ProcessorType(String description, String template) {
        this.description = description;
        this.template = template;
    }

    /// A field of a task's `config`. A secret is never shown.
    public record Field(String name, boolean required, boolean secret, String description) {
        public Field {
            requireNonNull(name, "name");
            requireNonNull(description, "description");
        }

        private static Field required(String name, String description) {
            return new Field(name, true, false, description);
        }

        private static Field optional(String name, String description) {
            return new Field(name, false, false, description);
        }

        private static Field secret(String name, String description) {
            return new Field(name, false, true, description);
        }

        private static Field requiredSecret(String name, String description) {
            return new Field(name, true, true, description);
        }
    }

    /// The type of this name, as [#word] writes it, in any case.
    public static Optional<ProcessorType> of(String word) {
        return Arrays.stream(values()).filter(type -> type.name().equalsIgnoreCase(word)).findAny();
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// For people.
    public String description() {
        return description;
    }

    /// Empty for a webhook, whose event has a form of its own.
    public String template() {
        return template;
    }

    /// What a task's `config` says.
    public List<Field> fields() {
        return switch (this) {
            case CONSOLE -> List.of();
            case FILE ->
                    List.of(
                            Field.required("path", "relative to files.root; a template"),
                            Field.optional("mode", "replace (the default) or append"));
            case WEBHOOK ->
                    List.of(
                            Field.required("url", "where to post"),
                            Field.secret("secret", "signs; whsec_… or plain text"));
            case SLACK -> List.of(Field.requiredSecret("url", "the incoming webhook"));
            case TEAMS -> List.of(Field.requiredSecret("url", "the workflow's webhook"));
            case EMAIL ->
                    List.of(
                            Field.required("to", "addresses, with commas between them"),
                            Field.optional("subject", "a template; the task's name by default"));
            case GITHUB ->
                    List.of(
                            Field.required("repository", "owner/name"),
                            Field.optional("issue", "the number of the issue to comment on"),
                            Field.optional("title", "a template for the title of a new issue"));
        };
    }
}
