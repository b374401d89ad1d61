package carillon.web;

/// The server could not begin to listen: an address is in use, or not one of this machine's.
public final class ListenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ListenException(String message, Throwable cause) {
        super(message, cause);
    }
}
