package carillon.egress;

import static java.util.Objects.requireNonNull;

/// The guard does not let a connection out. The client passes it on from its resolver.
final class RefusedTargetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedTargetException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return requireNonNull(super.getMessage());
    }
}
