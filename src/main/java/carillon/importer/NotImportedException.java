package carillon.importer;

/// Carries the reason why a line cannot be imported to where the lines are counted.
final class NotImportedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotImportedException(String reason) {
        super(reason);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
