package carillon.api;

import carillon.ai.Models;
import carillon.quota.Quotas;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.time.InstantSource;
import java.util.List;

/// `/models/{id}/quota`: what there is of a model for us, and what is used. The administrator's
/// models are reached by their names, as in `/test`.
public final class QuotaRoutes {
    private final Models models;
    private final Quotas quotas;
    private final InstantSource time;

    public QuotaRoutes(Models models, Quotas quotas, InstantSource time) {
        this.models = models;
        this.quotas = quotas;
        this.time = time;
    }

    public List<Route> routes() {
        var path = "/api/v1/models/{id}/quota";
        return List.of(new Route(Method.GET, path, Permission.VIEW, this::show));
    }

    private Answer show(Call call) {
        var wanted = call.path("id");
        var name = models.stored(wanted).map(stored -> stored.model().name()).orElse(wanted);
        var model = models.find(name).orElseThrow(() -> noModel(wanted));
        return Answer.ok(QuotaView.of(model, quotas.state(model), time.instant()));
    }

    private static RuntimeException noModel(String wanted) {
        var shown = wanted.length() > 40 ? wanted.substring(0, 40) + "…" : wanted;
        return Refused.of(Refusal.Kind.NOT_FOUND, "there is no model " + shown);
    }
}
