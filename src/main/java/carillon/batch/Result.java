package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.ai.Spending;
import java.time.Instant;
import java.util.Optional;

/// What became of a row. `row` is absent for one that could not be asked; `error` is empty where
/// there is an `answer`; `model` is what answered, or was asked in vain; `retries` counts the tries
/// after the first.
record Result(
        String id,
        Optional<Row> row,
        Optional<String> answer,
        String error,
        Spending spending,
        String model,
        int retries,
        Instant at) {
    Result {
        requireNonNull(id, "id");
        requireNonNull(row, "row");
        requireNonNull(answer, "answer");
        requireNonNull(error, "error");
        requireNonNull(spending, "spending");
        requireNonNull(model, "model");
        requireNonNull(at, "at");
    }

    /// Of a row that cannot be asked.
    static Result unasked(String id, Optional<Row> row, String error, Instant at) {
        var model = row.flatMap(each -> each.choices().model()).orElse("");
        return new Result(id, row, Optional.empty(), error, Spending.NONE, model, 0, at);
    }

    boolean succeeded() {
        return answer.isPresent();
    }
}
