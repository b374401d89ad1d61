package carillon.web;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Who asks, and whether they may. Refuses unless a rule here grants.
final class Admission {
    /// The cookie that carries a browser's sign-in.
    static final String SIGN_IN_COOKIE = "carillon_sign_in";

    /// Who asks when nobody has shown a credential and none is needed.
    static final Principal ANONYMOUS = new Principal("anonymous", Permission.ADMINISTER);

    private final Authenticators authenticators;
    private final Limiter limiter;

    Admission(Authenticators authenticators, Limiter limiter) {
        this.authenticators = requireNonNull(authenticators, "authenticators");
        this.limiter = requireNonNull(limiter, "limiter");
    }

    /// Who shows a valid credential that this API takes. Throws [RefusedException] when a costly
    /// check is due and the address has had too many.
    Optional<Principal> identify(Api api, Exchange exchange) {
        var credential = exchange.credential();
        if (credential.isEmpty()) {
            return api.access() == Api.Access.SIGN_IN_OR_KEY
                    ? exchange.cookie(SIGN_IN_COOKIE)
                            .flatMap(authenticators.signIns()::authenticate)
                    : Optional.empty();
        }
        var value = credential.get().value();
        var scheme = credential.get().scheme();
        if (scheme.equals("bearer")) {
            return authenticators.keys().authenticate(value);
        }
        if (scheme.equals("basic") && api.access() == Api.Access.LOOPBACK_OR_USERS) {
            return authenticators.users().flatMap(users -> user(users, value, exchange));
        }
        return Optional.empty();
    }

    private Optional<Principal> user(Authenticator users, String credential, Exchange exchange) {
        var remembered = users.remembered(credential);
        if (remembered.isPresent()) {
            return remembered;
        }
        requireWithin(limiter.take(Limiter.keyOf(exchange.peer())));
        return users.authenticate(credential);
    }

    /// Throws [RefusedException] when the limit has been reached.
    static void requireWithin(Limiter.Verdict verdict) {
        if (verdict.tryAgainIn().isEmpty()) {
            return;
        }
        long seconds = verdict.tryAgainIn().get().plusMillis(999).toSeconds();
        throw new RefusedException(
                new Refusal(
                        Refusal.Kind.TOO_MANY_REQUESTS,
                        "rate limit exceeded; try again in " + Math.max(1, seconds) + " s",
                        List.of(),
                        Map.of("Retry-After", Long.toString(Math.max(1, seconds)))));
    }

    /// Who the request counts as. Throws [RefusedException] unless they may call the route.
    Principal admit(RouteTable.Row row, Optional<Principal> known, Exchange exchange) {
        var needed = row.route().permission();
        if (row.api().access() == Api.Access.SIGN_IN_OR_KEY) {
            requireOwnPage(exchange);
        }
        if (needed == Permission.NONE) {
            return known.orElse(ANONYMOUS);
        }
        boolean open = row.api().access() == Api.Access.LOOPBACK_OR_USERS;
        if (open) {
            requireNoForeignPage(exchange);
        }
        if (known.isPresent()) {
            return requirePermission(requireScope(known.get(), row.api()), needed);
        }
        if (open && authenticators.users().isEmpty() && exchange.isLocal()) {
            requireLocalHost(exchange);
            return ANONYMOUS;
        }
        throw new RefusedException(unauthorized(open, exchange));
    }

    private static Principal requireScope(Principal principal, Api api) {
        if (!principal.mayUse(api.name())) {
            throw new RefusedException(
                    Refusal.of(
                            Refusal.Kind.FORBIDDEN,
                            "this credential is not for the API " + api.name()));
        }
        return principal;
    }

    private static Principal requirePermission(Principal principal, Permission needed) {
        if (!principal.may(needed)) {
            throw new RefusedException(
                    Refusal.of(
                            Refusal.Kind.FORBIDDEN,
                            "this credential lacks the permission to "
                                    + needed.name().toLowerCase(Locale.ROOT)));
        }
        return principal;
    }

    private Refusal unauthorized(boolean open, Exchange exchange) {
        boolean basic = open && authenticators.users().isPresent();
        var shown = exchange.credential().isPresent();
        var challenge =
                basic
                        ? "Basic realm=\"Carillon\", charset=\"UTF-8\""
                        : "Bearer realm=\"Carillon\"" + (shown ? ", error=\"invalid_token\"" : "");
        var wanted = basic ? "a user's name and password are" : "an API key is";
        var message = shown ? "the credential is not valid" : wanted + " required";
        return new Refusal(
                Refusal.Kind.UNAUTHORIZED,
                message,
                List.of(),
                Map.of("WWW-Authenticate", challenge));
    }

    /// A browser sends its cookies by itself, whoever makes it ask. So what changes something must
    /// say that a page of this server asks; and what comes from elsewhere may only lead here.
    private static void requireOwnPage(Exchange exchange) {
        if (exchange.credential().isPresent()) {
            return; // No browser adds a key by itself.
        }
        boolean reads = exchange.method().equals(Optional.of(Route.Method.GET));
        if (reads && exchange.header("Sec-Fetch-Mode").equals(Optional.of("navigate"))) {
            return;
        }
        requireNoForeignPage(exchange);
        boolean told =
                exchange.header("Sec-Fetch-Site").isPresent()
                        || exchange.header("Origin").isPresent();
        if (!reads && !told && exchange.cookie(SIGN_IN_COOKIE).isPresent()) {
            throw foreign();
        }
    }

    /// Browsers say which page a request comes from (`Sec-Fetch-Site`, and `Origin` for all that
    /// can change something). A page of another origin must not use what is open to its user.
    private static void requireNoForeignPage(Exchange exchange) {
        var site = exchange.header("Sec-Fetch-Site");
        if (site.isPresent() && !site.get().equals("same-origin") && !site.get().equals("none")) {
            throw foreign();
        }
        var origin = exchange.header("Origin");
        var host = exchange.header("Host").orElse("");
        if (origin.isPresent() && !authority(origin.get()).equals(Optional.of(host))) {
            throw foreign();
        }
    }

    private static RefusedException foreign() {
        return new RefusedException(
                Refusal.of(Refusal.Kind.FORBIDDEN, "requests from other sites are not allowed"));
    }

    private static Optional<String> authority(String origin) {
        try {
            return Optional.ofNullable(new URI(origin).getRawAuthority());
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /// A name that an attacker's DNS points to this machine is not a name of this machine.
    private static void requireLocalHost(Exchange exchange) {
        if (!isLocalHost(exchange.request().getServerName())) {
            throw new RefusedException(
                    Refusal.of(Refusal.Kind.FORBIDDEN, "the Host header does not name loopback"));
        }
    }

    private static boolean isLocalHost(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false; // A name, and not that of loopback.
        }
    }
}
