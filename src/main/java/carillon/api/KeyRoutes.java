package carillon.api;

import carillon.auth.Key;
import carillon.auth.Keys;
import carillon.auth.Role;
import carillon.json.Fields;
import carillon.json.Problems;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// `/keys`: made, listed and revoked by administrators. A key itself is shown by the answer that
/// makes it, and by no other.
public final class KeyRoutes {
    static final String KEYS = "/api/v1/keys";

    private static final int MAX_NAME = 100;
    private static final int MAX_SCOPES = 20;

    private final Keys keys;
    private final Set<String> apis;
    private final InstantSource time;

    /// `apis` are the names that a scope can have.
    public KeyRoutes(Keys keys, Set<String> apis, InstantSource time) {
        this.keys = keys;
        this.apis = Set.copyOf(apis);
        this.time = time;
    }

    public List<Route> routes() {
        return List.of(
                new Route(Method.GET, KEYS, Permission.ADMINISTER, this::list),
                new Route(Method.POST, KEYS, Permission.ADMINISTER, this::create),
                new Route(Method.DELETE, KEYS + "/{id}", Permission.ADMINISTER, this::revoke));
    }

    private Answer list(Call call) {
        int limit = Parameters.limit(call);
        var found = keys.list(Parameters.cursor(call), limit + 1);
        return Answer.ok(Page.of(found, limit, Key::id, KeyView::of));
    }

    private Answer create(Call call) {
        return switch (keys.create(read(call))) {
            case Keys.Created.Done(var key, var text) ->
                    Answer.created(KeyView.of(key).put("key", text))
                            .withHeader("Location", KEYS + "/" + key.id());
            case Keys.Created.NameTaken() ->
                    throw Refused.of(Refusal.Kind.CONFLICT, "there is a key with this name");
        };
    }

    private Keys.Wanted read(Call call) {
        var problems = new Problems();
        var fields = Fields.of(call.json(), "", problems);
        var name = fields.flatMap(body -> body.requiredText("name", MAX_NAME));
        var role = fields.flatMap(KeyRoutes::role);
        var scopes = fields.map(this::scopes).orElse(Set.of());
        var expiresAt = fields.flatMap(this::expiresAt);
        fields.ifPresent(Fields::done);
        if (name.isEmpty() || role.isEmpty() || !problems.isEmpty()) {
            throw Refused.of(problems);
        }
        return new Keys.Wanted(name.get(), role.get(), scopes, expiresAt, call.caller());
    }

    private static Optional<Role> role(Fields body) {
        if (!body.has("role")) {
            body.problem("role", "is required");
        }
        return body.word("role", Role.class);
    }

    private Set<String> scopes(Fields body) {
        var scopes = new LinkedHashSet<String>();
        for (var item : body.array("scopes", MAX_SCOPES).orElse(List.of())) {
            if (item.isTextual() && apis.contains(item.textValue())) {
                scopes.add(item.textValue());
            } else {
                var known = String.join(", ", new TreeSet<>(apis));
                body.problem("scopes", "must be names of APIs: " + known);
            }
        }
        return scopes;
    }

    private Optional<Instant> expiresAt(Fields body) {
        var at = body.instant("expires_at");
        if (at.isPresent() && !at.get().isAfter(time.instant())) {
            body.problem("expires_at", "must be in the future");
        }
        return at;
    }

    private Answer revoke(Call call) {
        long id = Parameters.id(call.path("id")).orElseThrow(() -> noKey(call));
        if (!keys.revoke(id)) {
            throw noKey(call);
        }
        return Answer.ok(Map.of("id", id, "deleted", true));
    }

    private static RuntimeException noKey(Call call) {
        return Refused.of(
                Refusal.Kind.NOT_FOUND, "there is no key " + Parameters.shown(call.path("id")));
    }
}
