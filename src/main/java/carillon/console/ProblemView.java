package carillon.console;

import static java.util.Objects.requireNonNull;

/// What did not work, in words, and the request that the log names; both may be empty.
public record ProblemView(String message, String requestId) {
    public ProblemView {
        requireNonNull(message, "message");
        requireNonNull(requestId, "requestId");
    }
}
