package carillon.egress;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// A mail of plain text. `id` makes its `Message-ID`, so that receivers can tell a repetition; `to`
/// are addresses without names.
public record Mail(String id, String from, List<String> to, String subject, String text) {
    public Mail {
        requireNonNull(id, "id");
        requireNonNull(from, "from");
        to = List.copyOf(to);
        requireNonNull(subject, "subject");
        requireNonNull(text, "text");
        if (to.isEmpty()) {
            throw new IllegalArgumentException("a mail goes to somebody");
        }
    }
}
