package carillon.ai;

import static java.util.Objects.requireNonNull;

/// What one side has said in a conversation with a model.
public record Message(Role role, String content) {
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT
    }

    public Message {
        requireNonNull(role, "role");
        requireNonNull(content, "content");
    }
}
