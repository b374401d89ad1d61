package carillon.audit;

import static java.util.Objects.requireNonNull;

/// Who asks for a change: the name of the key or user, the address and the API that the request
/// came by, and the request's id. While a request is answered its actor is the current one of the
/// thread; what happens otherwise is the server's own doing.
public record Actor(String name, String address, String api, String request) {
    public static final Actor SERVER = new Actor("server", "", "", "");

    private static final ScopedValue<Actor> CURRENT = ScopedValue.newInstance();

    public Actor {
        requireNonNull(name, "name");
        requireNonNull(address, "address");
        requireNonNull(api, "api");
        requireNonNull(request, "request");
    }

    /// [#SERVER] where nobody has asked.
    public static Actor current() {
        return CURRENT.orElse(SERVER);
    }

    /// Does the work in this actor's name and hands on its result.
    public <T, X extends Throwable> T doing(ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(CURRENT, this).call(work);
    }
}
