package carillon.store;

/// The database could not do what was asked: it is broken, unreachable or not ours. The message
/// says what was being done and, where a person can do something about it, what to do.
public sealed class StoreException extends RuntimeException permits StoreFullException {
    private static final long serialVersionUID = 1L;

    StoreException(String message) {
        super(message);
    }

    StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
