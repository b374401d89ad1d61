package carillon.api;

import carillon.budget.Budgets;
import carillon.budget.StoredBudget;
import carillon.json.BudgetJson;
import carillon.json.Problems;
import carillon.task.Budget;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.web.Route.Method;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/// `/budgets`: those of the installation and of tags, models and keys, and how they stand. A task's
/// own is a part of the task.
public final class BudgetRoutes {
    static final String BUDGETS = "/api/v1/budgets";

    private static final String BUDGET = BUDGETS + "/{id}";

    private final Budgets budgets;
    private final ZoneId zone;

    /// `zone` is meant by budgets that name none.
    public BudgetRoutes(Budgets budgets, ZoneId zone) {
        this.budgets = budgets;
        this.zone = zone;
    }

    public List<Route> routes() {
        return List.of(
                new Route(Method.GET, BUDGETS, Permission.VIEW, this::list),
                new Route(Method.POST, BUDGETS, Permission.EDIT, this::create),
                new Route(Method.GET, BUDGET, Permission.VIEW, call -> shown(200, require(call))),
                new Route(Method.PUT, BUDGET, Permission.EDIT, this::update),
                new Route(Method.DELETE, BUDGET, Permission.EDIT, this::delete));
    }

    private Answer list(Call call) {
        int limit = Parameters.limit(call);
        var found = budgets.list(Parameters.cursor(call).orElse(Long.MAX_VALUE), limit + 1);
        var page = found.subList(0, Math.min(limit, found.size()));
        return Answer.ok(Page.of(found, views(page), StoredBudget::id));
    }

    private List<ObjectNode> views(List<StoredBudget> page) {
        var accounts = budgets.accounts(page);
        var views = new ArrayList<ObjectNode>();
        for (int i = 0; i < page.size(); i++) {
            views.add(BudgetView.of(page.get(i), accounts.get(i)));
        }
        return views;
    }

    private Answer shown(int status, StoredBudget budget) {
        var headers = Map.of("ETag", IfMatch.etag(budget.version()));
        return new Answer(status, views(List.of(budget)).getFirst(), Answer.JSON, headers);
    }

    private StoredBudget require(Call call) {
        return Parameters.id(call.path("id"))
                .flatMap(budgets::find)
                .orElseThrow(() -> noBudget(call));
    }

    private static RuntimeException noBudget(Call call) {
        return Refused.of(
                Refusal.Kind.NOT_FOUND, "there is no budget " + Parameters.shown(call.path("id")));
    }

    private Budgets.NewBudget read(Call call, Set<String> ignored) {
        var problems = new Problems();
        return BudgetJson.read(call.json(), ignored, zone, problems)
                .orElseThrow(() -> Refused.of(problems));
    }

    private Answer create(Call call) {
        return switch (budgets.create(read(call, Set.of()))) {
            case Budgets.Created.Done(var budget) ->
                    shown(201, budget).withHeader("Location", BUDGETS + "/" + budget.id());
            case Budgets.Created.Taken() ->
                    throw Refused.of(
                            Refusal.Kind.CONFLICT,
                            "there is a budget with this scope, name and period");
            case Budgets.Created.TooMany() ->
                    throw Refused.of(
                            Refusal.Kind.CONFLICT,
                            "there are " + Budgets.MAX_STORED + " budgets, which is the most");
        };
    }

    private Answer update(Call call) {
        var before = require(call);
        var sent = read(call, BudgetView.READ_ONLY);
        if (!sent.isFor(before)) {
            throw Refused.invalid(
                    "scope", "scope, name and period cannot change: make another budget");
        }
        return shown(200, change(call, before, sent.terms()));
    }

    private StoredBudget change(Call call, StoredBudget before, Budget terms) {
        return switch (budgets.update(before.id(), terms, expected(call, before))) {
            case Budgets.Changed.Done(var after) -> after;
            case Budgets.Changed.NotFound() -> throw noBudget(call);
            case Budgets.Changed.Conflict(int current) -> throw lostRace(current);
        };
    }

    /// The version that `If-Match` holds the budget to (RFC 9110, 13.1.1).
    private static OptionalInt expected(Call call, StoredBudget before) {
        return IfMatch.version(call, before.version(), BudgetRoutes::lostRace);
    }

    private static RuntimeException lostRace(int current) {
        return Refused.of(
                Refusal.Kind.PRECONDITION_FAILED,
                "the budget has changed since: it is at version " + current);
    }

    private Answer delete(Call call) {
        var budget = require(call);
        IfMatch.version(call, budget.version(), BudgetRoutes::lostRace);
        if (!budgets.delete(budget.id())) {
            throw noBudget(call);
        }
        return Answer.ok(Map.of("id", budget.id(), "deleted", true));
    }
}
