package carillon.console;

import carillon.budget.Budgets;
import carillon.budget.StoredBudget;
import carillon.json.BudgetJson;
import carillon.json.Problems;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Writing budgets: new ones, changes, and deleting. A definition is written as the native API
/// takes it.
final class BudgetEditorRoutes {
    private static final String BUDGET = BudgetRoutes.BUDGETS + "/{id}";
    private static final String EXAMPLE =
            """
            {
              "scope": "tag",
              "name": "research",
              "limit": 5.00,
              "period": "day",
              "timezone": "UTC",
              "on_exhausted": "wait"
            }
            """;
    private static final DefinitionView.Place NEW =
            DefinitionView.Place.of("New budget", BudgetRoutes.BUDGETS, 0);

    private final Budgets budgets;
    private final ZoneId zone;

    /// `zone` is meant by budgets that name none.
    BudgetEditorRoutes(Budgets budgets, ZoneId zone) {
        this.budgets = budgets;
        this.zone = zone;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, BudgetRoutes.BUDGETS + "/new", Permission.VIEW, this::begin),
                new Route(Method.POST, BudgetRoutes.BUDGETS, Permission.EDIT, this::create),
                new Route(Method.GET, BUDGET + "/edit", Permission.VIEW, this::edit),
                new Route(Method.POST, BUDGET, Permission.EDIT, this::update),
                new Route(Method.POST, BUDGET + "/delete", Permission.EDIT, this::delete));
    }

    private Answer begin(Call call) {
        return Definitions.page(200, call, NEW, EXAMPLE, List.of());
    }

    private StoredBudget require(Call call) {
        return Inputs.id(call.path("id"))
                .flatMap(budgets::find)
                .orElseThrow(() -> Inputs.none("budget"));
    }

    private Answer edit(Call call) {
        var budget = require(call);
        var text = BudgetJson.write(budget).toPrettyString();
        return Definitions.page(200, call, place(budget), text, List.of());
    }

    private static DefinitionView.Place place(StoredBudget budget) {
        return DefinitionView.Place.deletable(
                "Edit the budget of " + budget.label(),
                BudgetRoutes.BUDGETS + "/" + budget.id(),
                budget.version(),
                "What it has kept from running may run from then on.");
    }

    private Optional<Budgets.NewBudget> read(String text, Problems problems) {
        return Definitions.read(
                text, problems, json -> BudgetJson.read(json, Set.of(), zone, problems));
    }

    private Answer create(Call call) {
        var text = EditorRoutes.text(call);
        var problems = new Problems();
        var wanted = read(text, problems);
        if (wanted.isEmpty()) {
            return Definitions.page(400, call, NEW, text, Definitions.words(problems));
        }
        return switch (budgets.create(wanted.get())) {
            case Budgets.Created.Done _ -> Pages.seeOther(BudgetRoutes.BUDGETS);
            case Budgets.Created.Taken() ->
                    refused(call, text, "There is a budget with this scope, name and period.");
            case Budgets.Created.TooMany() ->
                    refused(call, text, "There are " + Budgets.MAX_STORED + " budgets already.");
        };
    }

    private static Answer refused(Call call, String text, String why) {
        return Definitions.page(409, call, NEW, text, List.of(why));
    }

    /// Nobody's change is lost: what was read must still be what is replaced.
    private Answer update(Call call) {
        var text = EditorRoutes.text(call);
        var before = require(call);
        var place = place(before);
        var problems = new Problems();
        var wanted = read(text, problems);
        if (wanted.isPresent() && !wanted.get().isFor(before)) {
            problems.add("scope", "scope, name and period cannot change: make another budget");
        }
        if (wanted.isEmpty() || !problems.isEmpty()) {
            return Definitions.page(400, call, place, text, Definitions.words(problems));
        }
        int seen = Definitions.seen(call).orElse(before.version());
        return switch (budgets.update(before.id(), wanted.get().terms(), OptionalInt.of(seen))) {
            case Budgets.Changed.Done _ -> Pages.seeOther(BudgetRoutes.BUDGETS);
            case Budgets.Changed.NotFound() -> throw Inputs.none("budget");
            case Budgets.Changed.Conflict(int current) ->
                    Definitions.page(
                            409, call, place, text, Definitions.changed("budget", seen, current));
        };
    }

    private Answer delete(Call call) {
        if (!budgets.delete(require(call).id())) {
            throw Inputs.none("budget");
        }
        return Pages.seeOther(BudgetRoutes.BUDGETS);
    }
}
