package carillon.api;

import carillon.ai.Models;
import carillon.json.Json;
import carillon.response.ResponseStore;
import carillon.run.ModelUse;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.web.Route.Method;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// `/models/{id}/usage`: how much a model was used on each day.
public final class UsageRoutes {
    private static final String USAGE = "/api/v1/models/{id}/usage";
    private static final int MAX_DAYS = 400;
    private static final Duration DEFAULT_RANGE = Duration.ofDays(29);

    private final Models models;
    private final ResponseStore responses;
    private final InstantSource time;

    public UsageRoutes(Models models, ResponseStore responses, InstantSource time) {
        this.models = models;
        this.responses = responses;
        this.time = time;
    }

    public List<Route> routes() {
        return List.of(new Route(Method.GET, USAGE, Permission.VIEW, this::usage));
    }

    private record Days(LocalDate from, LocalDate to) {}

    /// Whole days in UTC: those that `from` and `to` lie in, and those between.
    private Days days(Call call) {
        var to = Parameters.instant(call, "to").orElse(time.instant());
        var from = Parameters.instant(call, "from").orElse(to.minus(DEFAULT_RANGE));
        var days =
                new Days(
                        LocalDate.ofInstant(from, ZoneOffset.UTC),
                        LocalDate.ofInstant(to, ZoneOffset.UTC));
        if (days.from.isAfter(days.to)) {
            throw Refused.invalid("to", "must not be before from");
        }
        if (ChronoUnit.DAYS.between(days.from, days.to) >= MAX_DAYS) {
            throw Refused.invalid("from", "must be less than " + MAX_DAYS + " days before to");
        }
        return days;
    }

    private Answer usage(Call call) {
        var days = days(call);
        var wanted = call.path("id");
        var name = models.stored(wanted).map(stored -> stored.model().name()).orElse(wanted);
        var used = responses.usage(name, days.from, days.to);
        if (used.isEmpty() && models.find(name).isEmpty()) {
            throw Refused.of(
                    Refusal.Kind.NOT_FOUND, "there is no model " + Parameters.shown(wanted));
        }
        var view =
                Json.object()
                        .put("model", name)
                        .put("from", days.from.toString())
                        .put("to", days.to.toString());
        var data = view.putArray("data");
        used.forEach((day, use) -> data.add(put(Json.object().put("day", day.toString()), use)));
        var total = used.values().stream().reduce(ModelUse.none(name), ModelUse::plus);
        view.set("total", put(Json.object(), total));
        return Answer.ok(view);
    }

    private static ObjectNode put(ObjectNode view, ModelUse use) {
        view.put("requests", use.requests()).put("failures", use.failures());
        SpendingView.put(view, use.spending());
        return view;
    }
}
