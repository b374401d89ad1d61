package carillon.web;

import static java.util.Objects.requireNonNull;

/// Carries a refusal from a handler to the boundary, which alone catches it.
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    public RefusedException(Refusal refusal) {
        super(refusal.message());
        this.refusal = requireNonNull(refusal, "refusal");
    }

    public Refusal refusal() {
        return refusal;
    }
}
