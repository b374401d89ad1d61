package carillon.json;

import carillon.action.Action;
import carillon.action.BatchFile;
import carillon.action.NeededBy;
import carillon.action.Tuning;
import carillon.ai.Defaults;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// `{"batch":{input, output, model, template, temperature, max_tokens, max_concurrency, on_bad_row,
/// dry_run, needed_by}}`, where `on_bad_row` is `stop` or `skip`, and `needed_by` as [NeededByText]
/// says.
final class BatchFileJson {
    private static final String PATH_RULE =
            "must be a path inside files.root that ends in .csv or .jsonl, such as in/rows.csv";

    private static final int MAX_NEEDED_BY = 64;

    private BatchFileJson() {}

    private enum OnBadRow {
        STOP,
        SKIP
    }

    static Optional<Action> read(Fields fields, ReadContext context) {
        boolean shown = context.isShown();
        var input = path(fields, "input");
        var output = path(fields, "output");
        var asking =
                new BatchFile.Asking(
                        fields.text(
                                "model",
                                shown ? PromptCallJson.MAX_MODEL_LENGTH : Integer.MAX_VALUE),
                        fields.text(
                                "template",
                                shown ? PromptCallJson.MAX_TEXT_LENGTH : Integer.MAX_VALUE),
                        new Tuning(
                                fields.number("temperature", 0, Defaults.MAX_TEMPERATURE),
                                OptionalDouble.empty(),
                                fields.integer("max_tokens", 1, Defaults.MAX_TOKENS)),
                        fields.bool("dry_run").orElse(false));
        int concurrency =
                fields.integer("max_concurrency", 1, BatchFile.MAX_CONCURRENCY)
                        .orElse(BatchFile.DEFAULT_CONCURRENCY);
        var onBadRow = fields.word("on_bad_row", OnBadRow.class).orElse(OnBadRow.STOP);
        var neededBy = neededBy(fields);
        fields.done();
        if (input.isEmpty() || output.isEmpty()) {
            return Optional.empty();
        }
        if (input.equals(output)) {
            fields.problem("output", "must not be the input itself");
            return Optional.empty();
        }
        return Optional.of(
                new BatchFile(
                        input.get(),
                        output.get(),
                        asking,
                        concurrency,
                        onBadRow == OnBadRow.SKIP,
                        neededBy));
    }

    private static Optional<NeededBy> neededBy(Fields fields) {
        var text = fields.text("needed_by", MAX_NEEDED_BY);
        var read = text.flatMap(NeededByText::read);
        if (text.isPresent() && read.isEmpty()) {
            fields.problem("needed_by", NeededByText.RULE);
        }
        return read;
    }

    private static Optional<String> path(Fields fields, String name) {
        var path = fields.requiredText(name, BatchFile.MAX_PATH_LENGTH);
        if (path.isPresent() && !BatchFile.isPath(path.get())) {
            fields.problem(name, PATH_RULE);
            return Optional.empty();
        }
        return path;
    }

    static ObjectNode write(BatchFile batch) {
        var asking = batch.asking();
        var out = Json.object().put("input", batch.input()).put("output", batch.output());
        asking.model().ifPresent(model -> out.put("model", model));
        asking.template().ifPresent(template -> out.put("template", template));
        asking.tuning()
                .temperature()
                .ifPresent(value -> out.put("temperature", BigDecimal.valueOf(value)));
        asking.tuning().maxTokens().ifPresent(value -> out.put("max_tokens", value));
        var onBadRow = batch.skipBadRows() ? OnBadRow.SKIP : OnBadRow.STOP;
        batch.neededBy().ifPresent(time -> out.put("needed_by", NeededByText.write(time)));
        return out.put("max_concurrency", batch.concurrency())
                .put("on_bad_row", onBadRow.name().toLowerCase(Locale.ROOT))
                .put("dry_run", asking.dryRun());
    }
}
