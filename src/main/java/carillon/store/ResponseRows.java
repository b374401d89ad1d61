package carillon.store;

import static carillon.store.Columns.instant;
import static carillon.store.Columns.number;
import static carillon.store.Columns.optionalLong;
import static carillon.store.Columns.text;

import carillon.ai.Spending;
import carillon.ai.Tokens;
import carillon.response.Response;
import carillon.run.Completion;
import carillon.run.ModelAnswer;
import carillon.run.RunId;
import carillon.task.TaskId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.statement.PreparedBatch;

/// Rows of `response`: how they are written, with the ends of attempts, and read.
final class ResponseRows {
    private final PreparedBatch batch;
    private final Map<RunId, Long> ids;

    ResponseRows(Transaction transaction, Map<RunId, Long> ids) {
        this.batch = transaction.batch(INSERT);
        this.ids = ids;
    }

    /// An id for each response that the completions bring. Not to be called within a transaction.
    static Map<RunId, Long> ids(List<Completion> completions, Ids ids) {
        var found = new HashMap<RunId, Long>();
        for (var completion : completions) {
            if (completion.outcome().asked().answer().isPresent()) {
                found.put(completion.lease().run().id(), ids.next());
            }
        }
        return found;
    }

    static final String INSERT =
            """
            INSERT INTO response (id, run_id, attempt, task_id, created_at, state, model,
                                  provider_model, prompt_id, prompt_version, input_tokens,
                                  output_tokens, cost_nanodollars, latency_ms, text)
            VALUES (:id, :run, :attempt, :task, :createdAt, :state, :model, :providerModel,
                    :prompt, :promptVersion, :inputTokens, :outputTokens, :cost, :latency, :text)
            """;

    void add(Completion completion) {
        var found = completion.outcome().asked().answer();
        if (found.isEmpty()) {
            return;
        }
        var run = completion.lease().run();
        var answer = found.get();
        var source = answer.source();
        bind(batch, answer.spending())
                .bind("id", ids.get(run.id()))
                .bind("run", run.id().value())
                .bind("attempt", run.attempt())
                .bind("task", run.task().value())
                .bind("createdAt", completion.finishedAt().toEpochMilli())
                .bind("state", answer.state().name())
                .bind("model", text(source.model()))
                .bind("providerModel", text(source.providerModel()))
                .bind("prompt", source.prompt().map(ModelAnswer.Rendered::prompt).orElse(null))
                .bind(
                        "promptVersion",
                        source.prompt().map(ModelAnswer.Rendered::version).orElse(null))
                .bind("latency", answer.latency().toMillis())
                .bind("text", text(answer.text()))
                .add();
    }

    /// Binds `inputTokens`, `outputTokens` and `cost`.
    static PreparedBatch bind(PreparedBatch batch, Spending spending) {
        return batch.bind("inputTokens", spending.tokens().map(Tokens::input).orElse(null))
                .bind("outputTokens", spending.tokens().map(Tokens::output).orElse(null))
                .bind("cost", number(spending.costNanodollars()));
    }

    void write() {
        Session.run(batch);
    }

    static Response map(ResultSet row) throws SQLException {
        var answer =
                new ModelAnswer(
                        row.getString("text"),
                        ModelAnswer.State.valueOf(row.getString("state")),
                        source(row),
                        spending(row),
                        Duration.ofMillis(row.getLong("latency_ms")));
        return new Response(
                row.getLong("id"),
                new RunId(row.getLong("run_id")),
                row.getInt("attempt"),
                new TaskId(row.getLong("task_id")),
                answer,
                instant(row, "created_at"));
    }

    private static ModelAnswer.Source source(ResultSet row) throws SQLException {
        var prompt = optionalLong(row, "prompt_id");
        int version = row.getInt("prompt_version");
        return new ModelAnswer.Source(
                row.getString("model"),
                row.getString("provider_model"),
                prompt.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new ModelAnswer.Rendered(prompt.getAsLong(), version)));
    }

    /// From `input_tokens`, `output_tokens` and `cost_nanodollars`.
    static Spending spending(ResultSet row) throws SQLException {
        var input = optionalLong(row, "input_tokens");
        var output = optionalLong(row, "output_tokens");
        return new Spending(tokens(input, output), optionalLong(row, "cost_nanodollars"));
    }

    private static Optional<Tokens> tokens(OptionalLong input, OptionalLong output) {
        return input.isEmpty() || output.isEmpty()
                ? Optional.empty()
                : Optional.of(new Tokens(input.getAsLong(), output.getAsLong()));
    }
}
