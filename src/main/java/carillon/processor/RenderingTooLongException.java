package carillon.processor;

/// A template would make more text than is sent anywhere.
public final class RenderingTooLongException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RenderingTooLongException(int max) {
        super("what the template makes has more than " + max + " characters");
    }
}
