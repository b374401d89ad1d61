package carillon.cli;

/// The server cannot be asked. The message is for a person.
final class ServerCallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ServerCallException(String message) {
        super(message);
    }
}
