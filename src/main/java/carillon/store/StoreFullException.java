package carillon.store;

/// There is no room left on the disk (or the disk refuses to write). Nothing was changed; the same
/// write can be tried again once there is room.
public final class StoreFullException extends StoreException {
    private static final long serialVersionUID = 1L;

    StoreFullException(String message) {
        super(message);
    }

    StoreFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
