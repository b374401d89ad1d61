package carillon.batch;

import static java.util.Objects.requireNonNull;

/// A batch cannot begin or go on. The message is for whoever asked for it.
final class BatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final BatchEnd.Cause cause;

    BatchException(BatchEnd.Cause cause, String message) {
        super(message);
        this.cause = requireNonNull(cause, "cause");
    }

    BatchException(BatchEnd.Cause cause, String message, Throwable why) {
        super(message, why);
        this.cause = requireNonNull(cause, "cause");
    }

    BatchEnd.Cause kind() {
        return cause;
    }

    @Override
    public String getMessage() {
        return requireNonNull(super.getMessage());
    }
}
