package carillon.console;

import carillon.budget.Budgets;
import carillon.budget.Money;
import carillon.budget.StoredBudget;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/// The budgets beside those of tasks, and how they stand.
final class BudgetRoutes {
    static final String BUDGETS = "/budgets";

    private static final int ROWS = 50;
    private static final int WHOLE = 100;

    private final Budgets budgets;

    BudgetRoutes(Budgets budgets) {
        this.budgets = budgets;
    }

    List<Route> routes() {
        return List.of(new Route(Method.GET, BUDGETS, Permission.VIEW, this::list));
    }

    private Answer list(Call call) {
        var found = budgets.list(Inputs.before(call).orElse(Long.MAX_VALUE), ROWS + 1);
        var shown = found.subList(0, Math.min(ROWS, found.size()));
        var older =
                found.size() > ROWS ? OptionalLong.of(shown.getLast().id()) : OptionalLong.empty();
        var accounts = budgets.accounts(shown);
        var rows = new ArrayList<BudgetListView.BudgetRow>();
        for (int i = 0; i < shown.size(); i++) {
            rows.add(row(shown.get(i), accounts.get(i)));
        }
        var view = new BudgetListView(rows, older, call.may(Permission.EDIT));
        return Pages.page(call, "Budgets", "budgets.jte", view);
    }

    private static BudgetListView.BudgetRow row(StoredBudget budget, Budgets.Account account) {
        var terms = budget.terms();
        long limit = account.purse().limit();
        var then =
                switch (terms.onExhausted()) {
                    case SKIP -> "runs are skipped";
                    case WAIT -> "runs wait";
                    case CHEAPER -> "a cheaper model is asked";
                };
        return new BudgetListView.BudgetRow(
                budget.id(),
                budget.label(),
                Money.words(limit) + " a " + terms.period().name().toLowerCase(Locale.ROOT),
                hundredths(limit - account.left(), limit),
                Words.money(account.standing().spent()),
                Words.money(account.standing().reserved()),
                Words.money(account.left()),
                Words.time(account.purse().span().end()),
                then);
    }

    private static int hundredths(long gone, long limit) {
        return limit <= 0 ? WHOLE : (int) (gone * (double) WHOLE / limit);
    }
}
