package carillon.api;

import carillon.audit.AuditEntry;
import carillon.audit.AuditQuery;
import carillon.audit.AuditTrail;
import carillon.json.Json;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// `/audit`: who changed what, and whether the log still holds together.
public final class AuditRoutes {
    private static final String AUDIT = "/api/v1/audit";

    private final AuditTrail trail;

    public AuditRoutes(AuditTrail trail) {
        this.trail = trail;
    }

    public List<Route> routes() {
        return List.of(
                new Route(Method.GET, AUDIT, Permission.ADMINISTER, this::list),
                new Route(Method.GET, AUDIT + "/verify", Permission.ADMINISTER, this::verify));
    }

    private Answer list(Call call) {
        int limit = Parameters.limit(call);
        var query =
                new AuditQuery(
                        call.query("actor"),
                        call.query("action"),
                        call.query("kind"),
                        call.query("target"),
                        Parameters.instant(call, "from"),
                        Parameters.instant(call, "to"),
                        Parameters.cursor(call),
                        limit + 1);
        return Answer.ok(Page.of(trail.list(query), limit, AuditEntry::id, AuditRoutes::view));
    }

    private static ObjectNode view(AuditEntry entry) {
        var actor = entry.actor();
        var change = entry.change();
        var view =
                Json.object()
                        .put("id", entry.id())
                        .put("at", entry.at().toString())
                        .put("action", change.action());
        var who = view.putObject("actor").put("name", actor.name());
        putIfKnown(who, "address", actor.address());
        putIfKnown(who, "api", actor.api());
        putIfKnown(who, "request_id", actor.request());
        var target = view.putObject("target").put("kind", change.kind()).put("id", change.target());
        putIfKnown(target, "name", change.name());
        putIfKnown(view, "detail", change.detail());
        return view.put("hash", entry.hash());
    }

    private static void putIfKnown(ObjectNode view, String name, String text) {
        view.put(name, text.isEmpty() ? null : text);
    }

    private Answer verify(Call call) {
        return switch (trail.verify()) {
            case AuditTrail.Verdict.Whole(var entries, var newest, var hash) ->
                    Answer.ok(
                            Json.object()
                                    .put("whole", true)
                                    .put("entries", entries)
                                    .put("newest", newest)
                                    .put("hash", hash)
                                    .putNull("broken_at")
                                    .putNull("reason"));
            case AuditTrail.Verdict.Broken(var id, var reason) ->
                    Answer.ok(
                            Json.object()
                                    .put("whole", false)
                                    .putNull("entries")
                                    .putNull("newest")
                                    .putNull("hash")
                                    .put("broken_at", id)
                                    .put("reason", reason));
        };
    }
}
