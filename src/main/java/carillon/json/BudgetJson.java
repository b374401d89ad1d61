package carillon.json;

import carillon.budget.Budgets;
import carillon.budget.Scope;
import carillon.budget.StoredBudget;
import carillon.task.Budget;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;

/// A budget in native JSON: `{limit, period, timezone, on_exhausted}`, the limit in dollars.
public final class BudgetJson {
    /// The names of a budget's fields.
    public static final Set<String> NAMES = Set.of("limit", "period", "timezone", "on_exhausted");

    private static final int MAX_NAME_LENGTH = 400;
    private static final int MAX_LIMIT = 1_000_000_000;

    /// Smaller parts of a dollar are not counted.
    private static final int MAX_DIGITS = 9;

    private BudgetJson() {}

    /// The field `budget` of a task.
    static Optional<Budget> ofTask(Fields fields, ReadContext context) {
        return fields.object("budget")
                .flatMap(
                        sent -> {
                            var budget = read(sent, context.zone());
                            sent.done();
                            return budget;
                        });
    }

    /// The four fields where they stand among others. `zone` is meant where none is named; what is
    /// done on exhaustion is to skip, where nothing is said. Empty exactly when something was added
    /// to the problems of `sent`.
    public static Optional<Budget> read(Fields sent, ZoneId zone) {
        int before = sent.problems().count();
        var limit = limit(sent);
        if (!sent.has("period")) {
            sent.problem("period", "is required: day, week or month");
        }
        var period = sent.word("period", Budget.Period.class);
        var named = sent.zone("timezone").orElse(zone);
        var onExhausted =
                sent.word("on_exhausted", Budget.OnExhausted.class).orElse(Budget.OnExhausted.SKIP);
        if (sent.problems().count() > before || limit.isEmpty() || period.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Budget(limit.get(), period.get(), named, onExhausted));
    }

    /// A budget that is no task's: `{scope, name}` and the four fields. `ignored` are names that
    /// may stand beside them. Empty exactly when something was added to `problems`.
    public static Optional<Budgets.NewBudget> read(
            JsonNode body, Set<String> ignored, ZoneId zone, Problems problems) {
        int before = problems.count();
        var fields = Fields.of(body, "", problems);
        fields.ifPresent(sent -> sent.allow(ignored));
        var scope = fields.flatMap(BudgetJson::scope);
        var name = fields.flatMap(sent -> scope.flatMap(known -> name(sent, known)));
        var terms = fields.flatMap(sent -> read(sent, zone));
        fields.ifPresent(Fields::done);
        if (problems.count() > before || scope.isEmpty() || name.isEmpty() || terms.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Budgets.NewBudget(scope.get(), name.get(), terms.get()));
    }

    private static Optional<Scope> scope(Fields sent) {
        if (!sent.has("scope")) {
            sent.problem("scope", "is required: installation, tag, model or key");
        }
        return sent.word("scope", Scope.class);
    }

    private static Optional<String> name(Fields sent, Scope scope) {
        if (scope != Scope.INSTALLATION) {
            return sent.requiredText("name", MAX_NAME_LENGTH);
        }
        if (sent.has("name")) {
            sent.problem("name", "is not for the installation, of which there is one");
        }
        return Optional.of("");
    }

    /// As [#read(JsonNode, Set, ZoneId, Problems)] takes it.
    public static ObjectNode write(StoredBudget budget) {
        var out = Json.object().put("scope", Fields.word(budget.scope()));
        if (!budget.name().isEmpty()) {
            out.put("name", budget.name());
        }
        out.setAll(write(budget.terms()));
        return out;
    }

    private static Optional<BigDecimal> limit(Fields sent) {
        if (!sent.has("limit")) {
            sent.problem("limit", "is required, in dollars");
            return Optional.empty();
        }
        if (sent.number("limit", 0, MAX_LIMIT).isEmpty()) {
            return Optional.empty();
        }
        var limit = sent.raw("limit").map(JsonNode::decimalValue);
        if (limit.stream().anyMatch(exact -> exact.stripTrailingZeros().scale() > MAX_DIGITS)) {
            sent.problem("limit", "must have at most " + MAX_DIGITS + " decimals");
            return Optional.empty();
        }
        return limit;
    }

    public static ObjectNode write(Budget budget) {
        return Json.object()
                .put("limit", budget.limit())
                .put("period", Fields.word(budget.period()))
                .put("timezone", budget.zone().getId())
                .put("on_exhausted", Fields.word(budget.onExhausted()));
    }
}
