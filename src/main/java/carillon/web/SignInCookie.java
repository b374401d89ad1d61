package carillon.web;

import java.time.Duration;

/// The cookie that carries a browser's sign-in: scripts cannot read it, other sites cannot have it
/// sent, and it goes to the API that set it alone.
public final class SignInCookie {
    public static final String NAME = Admission.SIGN_IN_COOKIE;

    private SignInCookie() {}

    /// The `Set-Cookie` header for a sign-in that lasts so long; one of no time ends it. `call` is
    /// the one that is answered, `path` that of the API.
    public static String header(Call call, String path, String token, Duration lasts) {
        return NAME
                + "="
                + token
                + "; Path="
                + path
                + "; Max-Age="
                + lasts.toSeconds()
                + "; HttpOnly; SameSite=Strict"
                + (call.isSecure() ? "; Secure" : "");
    }
}
