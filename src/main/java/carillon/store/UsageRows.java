package carillon.store;

import static carillon.store.Columns.text;

import carillon.run.Completion;
import carillon.run.ModelUse;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.TreeMap;

/// Adds up how much models were used in the attempts of one transaction, and writes it as few rows:
/// one for each model, day and node, in this order, so that nobody waits in a circle.
final class UsageRows {
    private record Key(String model, long day, String node) {
        static final Comparator<Key> ORDER =
                Comparator.comparing(Key::model)
                        .thenComparingLong(Key::day)
                        .thenComparing(Key::node);
    }

    private final TreeMap<Key, ModelUse> uses = new TreeMap<>(Key.ORDER);

    void add(Completion completion) {
        var day = day(LocalDate.ofInstant(completion.finishedAt(), ZoneOffset.UTC));
        var node = completion.lease().holder().node();
        for (var use : completion.outcome().asked().uses()) {
            uses.merge(new Key(text(use.model()), day, node), use, ModelUse::plus);
        }
    }

    static long day(LocalDate date) {
        return date.toEpochDay();
    }

    private static final String ADD =
            """
            INSERT INTO model_usage (model, day, node, requests, failures, input_tokens,
                                     output_tokens, cost_nanodollars)
            VALUES (:model, :day, :node, :requests, :failures, :inputTokens, :outputTokens, :cost)
            ON CONFLICT (model, day, node) DO UPDATE
               SET requests = model_usage.requests + excluded.requests,
                   failures = model_usage.failures + excluded.failures,
                   input_tokens = coalesce(model_usage.input_tokens + excluded.input_tokens,
                                           model_usage.input_tokens, excluded.input_tokens),
                   output_tokens = coalesce(model_usage.output_tokens + excluded.output_tokens,
                                            model_usage.output_tokens, excluded.output_tokens),
                   cost_nanodollars =
                       coalesce(model_usage.cost_nanodollars + excluded.cost_nanodollars,
                                model_usage.cost_nanodollars, excluded.cost_nanodollars)
            """;

    void write(Transaction transaction) {
        if (uses.isEmpty()) {
            return;
        }
        var batch = transaction.batch(ADD);
        uses.forEach(
                (key, use) ->
                        ResponseRows.bind(batch, use.spending())
                                .bind("model", key.model)
                                .bind("day", key.day)
                                .bind("node", key.node)
                                .bind("requests", use.requests())
                                .bind("failures", use.failures())
                                .add());
        Session.run(batch);
    }
}
