package carillon.secret;

/// What is encrypted cannot be opened, or there is no key. The message says what to do and holds no
/// part of a key.
public final class SecretException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SecretException(String message) {
        super(message);
    }

    public SecretException(String message, Throwable cause) {
        super(message, cause);
    }
}
