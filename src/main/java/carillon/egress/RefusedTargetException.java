package carillon.egress;

import static java.util.Objects.requireNonNull;

import java.net.UnknownHostException;

/// The guard does not let a connection out. Extends what resolvers throw, so that the client passes
/// it on.
final class RefusedTargetException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    RefusedTargetException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return requireNonNull(super.getMessage());
    }
}
