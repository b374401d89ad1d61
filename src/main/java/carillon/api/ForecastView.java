package carillon.api;

import carillon.budget.Forecast;
import carillon.budget.Forecast.CostPerRun;
import carillon.budget.Money;
import carillon.json.BudgetJson;
import carillon.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalLong;

/// A forecast in JSON, all money in dollars.
final class ForecastView {
    private ForecastView() {}

    static ObjectNode of(Forecast forecast) {
        var view =
                Json.object()
                        .put("from", forecast.from().toString())
                        .put("to", forecast.to().toString())
                        .put("fires", forecast.fires().count())
                        .put("fires_exact", forecast.fires().exact())
                        .put("basis", basis(forecast.costPerRun()))
                        .put("explanation", explanation(forecast));
        putMoney(view, "cost_per_run", forecast.costPerRun().amount());
        putMoney(view, "cost", forecast.total());
        var budgets = view.putArray("budgets");
        forecast.comparisons().forEach(one -> budgets.add(of(one)));
        return view;
    }

    private static void putMoney(ObjectNode view, String name, OptionalLong amount) {
        if (amount.isPresent()) {
            view.put(name, Money.dollars(amount.getAsLong()));
        } else {
            view.putNull(name);
        }
    }

    private static String basis(CostPerRun cost) {
        return switch (cost) {
            case CostPerRun.Nothing _ -> "free";
            case CostPerRun.Average _ -> "average";
            case CostPerRun.Estimate _ -> "estimate";
            case CostPerRun.Unknown _ -> "unknown";
        };
    }

    private static String explanation(Forecast forecast) {
        var total = forecast.total();
        var sum =
                total.isEmpty()
                        ? ""
                        : "about "
                                + Money.words(total.getAsLong())
                                + " in 30 days for "
                                + forecast.fires().count()
                                + " runs: ";
        return sum
                + switch (forecast.costPerRun()) {
                    case CostPerRun.Nothing() -> "it asks no model that costs anything";
                    case CostPerRun.Average(long each, int answers) ->
                            Money.words(each)
                                    + " a run, the average of the latest answers ("
                                    + answers
                                    + ")";
                    case CostPerRun.Estimate(var model, long each, long input, long output) ->
                            ("%s a run at most, for a question of about %d tokens to '%s' and an"
                                            + " answer of %d")
                                    .formatted(Money.words(each), input, model, output);
                    case CostPerRun.Unknown(var why) -> "the cost cannot be told: " + why;
                };
    }

    private static ObjectNode of(Forecast.Comparison comparison) {
        var purse = comparison.account().purse();
        var view = Json.object().put("budget", purse.label());
        view.setAll(BudgetJson.write(purse.terms()));
        view.setAll(BudgetView.of(comparison.account()));
        return view.put("expected", Money.dollars(comparison.expected()))
                .put("exceeded", comparison.isExceeded());
    }
}
