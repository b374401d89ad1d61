package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.ai.Model;
import carillon.ai.Reply;
import carillon.ai.Spending;

/// Puts the question of a row to its model, once.
@FunctionalInterface
public interface RowAsker {
    /// Blocks until there is a reply. `model` is the one that the row names, without what the row
    /// says: see [Row#over].
    Asked ask(Model model, Row row) throws InterruptedException;

    /// `model` is the name of the one that replied; `spending` what all that were asked took.
    record Asked(Reply reply, String model, Spending spending) {
        public Asked {
            requireNonNull(reply, "reply");
            requireNonNull(model, "model");
            requireNonNull(spending, "spending");
        }
    }
}
