package carillon.run;

import static java.util.Objects.requireNonNull;

import carillon.ai.Spending;

/// How often one model was asked, how many of these questions failed, and what they took. A
/// question fails when no whole answer comes; whether the answer is to somebody's liking is not
/// asked.
public record ModelUse(String model, long requests, long failures, Spending spending) {
    public ModelUse {
        requireNonNull(model, "model");
        requireNonNull(spending, "spending");
        if (failures < 0 || failures > requests) {
            throw new IllegalArgumentException(failures + " failures of " + requests);
        }
    }

    public static ModelUse none(String model) {
        return new ModelUse(model, 0, 0, Spending.NONE);
    }

    /// Of the same model, both together.
    public ModelUse plus(ModelUse other) {
        if (!model.equals(other.model)) {
            throw new IllegalArgumentException(model + " and " + other.model);
        }
        return new ModelUse(
                model,
                requests + other.requests,
                failures + other.failures,
                spending.plus(other.spending));
    }
}
