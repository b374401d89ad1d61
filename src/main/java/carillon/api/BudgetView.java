package carillon.api;

import carillon.budget.Budgets.Account;
import carillon.budget.Money;
import carillon.budget.StoredBudget;
import carillon.json.BudgetJson;
import carillon.json.Fields;
import carillon.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/// Budgets in JSON, all money in dollars.
final class BudgetView {
    /// What a view shows beside what can be set.
    static final Set<String> READ_ONLY =
            Set.of(
                    "id",
                    "spent",
                    "reserved",
                    "left",
                    "period_start",
                    "resets_at",
                    "version",
                    "created_at",
                    "updated_at");

    private BudgetView() {}

    static ObjectNode of(StoredBudget budget, Account account) {
        var view = Json.object().put("id", budget.id()).put("scope", Fields.word(budget.scope()));
        view.put("name", budget.name().isEmpty() ? null : budget.name());
        view.setAll(BudgetJson.write(budget.terms()));
        view.setAll(of(account));
        return view.put("version", budget.version())
                .put("created_at", budget.createdAt().toString())
                .put("updated_at", budget.updatedAt().toString());
    }

    /// How a budget stands in its current period.
    static ObjectNode of(Account account) {
        var standing = account.standing();
        var span = account.purse().span();
        return Json.object()
                .put("spent", Money.dollars(standing.spent()))
                .put("reserved", Money.dollars(standing.reserved()))
                .put("left", Money.dollars(account.left()))
                .put("period_start", span.start().toString())
                .put("resets_at", span.end().toString());
    }
}
