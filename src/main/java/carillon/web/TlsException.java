package carillon.web;

/// A certificate or key that a server cannot show to its clients; the message says which and why.
final class TlsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TlsException(String message) {
        super(message);
    }

    TlsException(String message, Throwable cause) {
        super(message, cause);
    }
}
