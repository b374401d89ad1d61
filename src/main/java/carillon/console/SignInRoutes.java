package carillon.console;

import carillon.auth.SignIns;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.RefusedException;
import carillon.web.Route;
import carillon.web.Route.Method;
import carillon.web.SignInCookie;
import java.time.Duration;
import java.util.List;

/// `/sign-in` and `/sign-out`. A key is sent once, and a cookie that says nothing of it stands for
/// it from then on.
final class SignInRoutes {
    private static final int MAX_KEY = 200;

    private final SignIns signIns;

    SignInRoutes(SignIns signIns) {
        this.signIns = signIns;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, "/sign-in", Permission.NONE, _ -> Pages.signIn(200, "")),
                new Route(Method.POST, "/sign-in", Permission.NONE, this::begin),
                new Route(Method.POST, "/sign-out", Permission.NONE, this::end));
    }

    private Answer begin(Call call) {
        var key =
                call.field("key")
                        .map(String::strip)
                        .filter(text -> !text.isEmpty() && text.length() <= MAX_KEY)
                        .orElseThrow(SignInRoutes::noKey);
        var owner = signIns.owner(key);
        if (owner.isEmpty()) {
            return Pages.signIn(401, "This key is not valid.");
        }
        if (!owner.get().mayUse(ConsoleApi.NAME)) {
            return Pages.signIn(
                    403, "This key is not for the console: its scopes name other APIs.");
        }
        call.cookie(SignInCookie.NAME).ifPresent(signIns::end);
        return signIns.begin(key)
                .map(token -> withCookie(Pages.seeOther(""), call, token, SignIns.LASTS))
                .orElseGet(() -> Pages.signIn(401, "This key is not valid."));
    }

    private static RefusedException noKey() {
        return new RefusedException(Refusal.of(Refusal.Kind.INVALID, "An API key is required."));
    }

    private Answer end(Call call) {
        call.cookie(SignInCookie.NAME).ifPresent(signIns::end);
        return withCookie(Pages.seeOther("/sign-in"), call, "", Duration.ZERO);
    }

    private static Answer withCookie(Answer answer, Call call, String token, Duration lasts) {
        return answer.withHeader(
                "Set-Cookie", SignInCookie.header(call, ConsoleApi.PREFIX, token, lasts));
    }
}
