package carillon.json;

import static java.util.Objects.requireNonNull;

/// A text that is no JSON, or more than this server is willing to read. The message is for whoever
/// sent it; it names the place and quotes nothing but single tokens.
public final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    JsonException(String message, int line, int column) {
        super(message);
        this.line = line;
        this.column = column;
    }

    /// From 1; 0 where there is no place to point at.
    public int line() {
        return line;
    }

    /// From 1; 0 where there is no place to point at.
    public int column() {
        return column;
    }

    @Override
    public String getMessage() {
        return requireNonNull(super.getMessage());
    }
}
