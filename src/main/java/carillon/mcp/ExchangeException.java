package carillon.mcp;

import static java.util.Objects.requireNonNull;

import java.io.Serial;

/// Nothing could be exchanged with a server of tools, or what came is no message of the protocol.
/// Its message completes the sentence "the tool server …".
final class ExchangeException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final boolean sessionLost;

    private ExchangeException(String message, boolean sessionLost) {
        super(message);
        this.sessionLost = sessionLost;
    }

    static ExchangeException of(String message) {
        return new ExchangeException(message, false);
    }

    /// The server, which may have been started anew, does not know the session. It has done
    /// nothing.
    static ExchangeException sessionLost(String message) {
        return new ExchangeException(message, true);
    }

    boolean isSessionLost() {
        return sessionLost;
    }

    @Override
    public String getMessage() {
        return requireNonNull(super.getMessage());
    }
}
