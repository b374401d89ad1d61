package carillon.console;

import carillon.auth.Key;
import carillon.auth.Keys;
import carillon.auth.Role;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// API keys, for administrators: made, listed and revoked. A key is shown on the page that answers
/// its making, and on no other.
final class KeyRoutes {
    private static final String KEYS = "/keys";
    private static final int ROWS = 50;
    private static final int MAX_NAME = 100;
    private static final int MAX_DAYS = 3_650;

    private final Keys keys;
    private final List<String> apis;
    private final InstantSource time;

    KeyRoutes(ConsoleApi.Administering administering, InstantSource time) {
        this.keys = administering.keys();
        this.apis = List.copyOf(new TreeSet<>(administering.apis()));
        this.time = time;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, KEYS, Permission.ADMINISTER, this::list),
                new Route(Method.POST, KEYS, Permission.ADMINISTER, this::create),
                new Route(Method.POST, KEYS + "/{id}/revoke", Permission.ADMINISTER, this::revoke));
    }

    private Answer list(Call call) {
        return page(200, call, Optional.empty(), "");
    }

    private Answer page(int status, Call call, Optional<String> fresh, String problem) {
        var found = keys.list(Inputs.before(call), ROWS + 1);
        var shown = found.subList(0, Math.min(ROWS, found.size()));
        var older =
                found.size() > ROWS ? OptionalLong.of(shown.getLast().id()) : OptionalLong.empty();
        var rows = shown.stream().map(this::row).toList();
        var view = new KeysView(rows, apis, fresh, problem, older);
        return Pages.page(status, call, "Keys", "keys.jte", view);
    }

    private KeysView.KeyRow row(Key key) {
        var expires =
                key.isExpired(time.instant())
                        ? "expired"
                        : key.expiresAt().map(Words::time).orElse("never");
        return new KeysView.KeyRow(
                key.id(),
                key.name(),
                key.role().name().toLowerCase(Locale.ROOT),
                key.scopes().isEmpty() ? "all" : String.join(", ", new TreeSet<>(key.scopes())),
                Words.time(key.createdAt()) + " by " + key.createdBy(),
                expires,
                Words.time(key.lastUsedAt()));
    }

    private Answer create(Call call) {
        var name = call.field("name").map(String::strip).orElse("");
        var role = role(call);
        var days = call.field("days").map(String::strip).orElse("");
        if (name.isEmpty() || name.length() > MAX_NAME) {
            return page(400, call, Optional.empty(), "A key needs a name of 1 to 100 characters.");
        }
        if (role.isEmpty()) {
            return page(400, call, Optional.empty(), "A key needs a role.");
        }
        if (!days.isEmpty() && !isNumberOfDays(days)) {
            return page(400, call, Optional.empty(), "A key lasts 1 to 3650 days, or for ever.");
        }
        var expiresAt =
                days.isEmpty()
                        ? Optional.<Instant>empty()
                        : Optional.of(time.instant().plus(Duration.ofDays(Long.parseLong(days))));
        var wanted = new Keys.Wanted(name, role.get(), scopes(call), expiresAt, call.caller());
        return switch (keys.create(wanted)) {
            case Keys.Created.Done(var _, var text) -> page(201, call, Optional.of(text), "");
            case Keys.Created.NameTaken() ->
                    page(409, call, Optional.empty(), "There is a key with this name.");
        };
    }

    private static Optional<Role> role(Call call) {
        var word = call.field("role").orElse("");
        return Arrays.stream(Role.values())
                .filter(role -> role.name().equalsIgnoreCase(word))
                .findFirst();
    }

    private static boolean isNumberOfDays(String text) {
        return text.matches("[1-9][0-9]{0,3}") && Integer.parseInt(text) <= MAX_DAYS;
    }

    private Set<String> scopes(Call call) {
        return apis.stream()
                .filter(api -> call.field("scope-" + api).isPresent())
                .collect(Collectors.toUnmodifiableSet());
    }

    private Answer revoke(Call call) {
        long id = Inputs.id(call.path("id")).orElseThrow(() -> Inputs.none("key"));
        if (!keys.revoke(id)) {
            throw Inputs.none("key");
        }
        return Pages.seeOther(KEYS);
    }
}
