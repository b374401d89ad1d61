package carillon.api;

import carillon.ai.Spending;
import carillon.ai.Tokens;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;

/// The fields `tokens`, `{input, output, total}`, and `cost`, in dollars; each `null` where it is
/// not known.
final class SpendingView {
    private static final int NANODOLLARS_DIGITS = 9;

    private SpendingView() {}

    static void put(ObjectNode view, Spending spending) {
        view.putNull("tokens").putNull("cost");
        spending.tokens().ifPresent(tokens -> put(view.putObject("tokens"), tokens));
        spending.costNanodollars().ifPresent(cost -> view.put("cost", dollars(cost)));
    }

    private static void put(ObjectNode view, Tokens tokens) {
        view.put("input", tokens.input())
                .put("output", tokens.output())
                .put("total", tokens.total());
    }

    private static BigDecimal dollars(long nanodollars) {
        var exact = BigDecimal.valueOf(nanodollars, NANODOLLARS_DIGITS).stripTrailingZeros();
        return exact.scale() < 0 ? exact.setScale(0) : exact;
    }
}
