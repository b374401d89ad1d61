package carillon.dialect.gptrunner;

import carillon.action.BatchFile;
import carillon.ai.ModelSource;
import carillon.json.Problem;
import carillon.json.Problems;
import carillon.web.Refusal.FieldFault;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The files that a request names, as the native JSON of the action that answers them. Paths lead
/// from the folder for files; absolute ones inside it will do.
final class FilePlaces {
    /// The beginnings of native paths, and what this API calls them.
    private static final Map<String, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put("action.batch.input", "inputFile");
        NAMES.put("action.batch.output", "outputFile");
        NAMES.put("action.batch.model", "config.model");
        NAMES.put("action.batch.temperature", "config.temperature");
        NAMES.put("action.batch.max_tokens", "config.maxTokens");
        NAMES.put("action.batch.max_concurrency", "config.maxConcurrency");
        NAMES.put("action.tasks.max_concurrency", "config.maxConcurrency");
        NAMES.put("retry.attempts", "config.maxRetries");
        NAMES.put("schedule.cron", "schedule");
    }

    private final Optional<Path> root;
    private final ModelSource models;

    FilePlaces(Optional<Path> root, ModelSource models) {
        this.root = root;
        this.models = models;
    }

    static boolean areIn(ObjectNode sent) {
        return sent.hasNonNull("inputFile") || sent.hasNonNull("outputFile");
    }

    /// Writes what was sent over the action. Throws [carillon.web.RefusedException].
    void put(ObjectNode action, ObjectNode sent, ObjectNode config) {
        if (root.isEmpty()) {
            throw Envelope.invalid(
                    "inputFile", "no folder for files is configured: set files.root on the server");
        }
        var batch = action.withObject("/batch");
        if (sent.hasNonNull("inputFile")) {
            batch.put("input", path(sent, "inputFile"));
        }
        if (sent.hasNonNull("outputFile")) {
            batch.put("output", path(sent, "outputFile"));
        } else if (!batch.has("output")) {
            batch.put(
                    "output",
                    batch.path("input").asText().replaceFirst("(\\.[^./]*)?$", ".results$1"));
        }
        copy(config, "model", batch, "model");
        copy(config, "temperature", batch, "temperature");
        copy(config, "maxTokens", batch, "max_tokens");
        copy(config, "maxConcurrency", batch, "max_concurrency");
        copy(sent, "isDryRun", batch, "dry_run");
        checkModel(batch.path("model"));
    }

    private static void copy(ObjectNode from, String name, ObjectNode to, String as) {
        if (from.hasNonNull(name)) {
            to.set(as, from.get(name));
        }
    }

    private String path(ObjectNode sent, String name) {
        var value = sent.get(name);
        if (!value.isTextual()) {
            throw Envelope.invalid(name, "must be a string");
        }
        try {
            var path = Path.of(value.textValue());
            var text = path.isAbsolute() ? inside(name, path) : value.textValue();
            if (BatchFile.isPath(text)) {
                return text;
            }
        } catch (InvalidPathException _) {
            // The refusal below says the same for every way to miss the form.
        }
        throw Envelope.invalid(
                name, "must be a path inside the folder for files that ends in .csv or .jsonl");
    }

    private String inside(String name, Path path) {
        var folder = root.orElseThrow().toAbsolutePath().normalize();
        if (!path.startsWith(folder)) {
            throw Envelope.invalid(name, "is outside of the folder for files");
        }
        return folder.relativize(path).toString();
    }

    private void checkModel(JsonNode named) {
        if (named.isTextual() && models.find(named.textValue()).isEmpty()) {
            throw Code.MODEL_NOT_SUPPORTED.at(
                    "config.model", "there is no model '" + named.textValue() + "'");
        }
    }

    /// Throws [carillon.web.RefusedException] that names every problem of the native JSON in the
    /// words of this API, when there is one.
    static void refuse(Problems problems) {
        if (!problems.isEmpty()) {
            throw Envelope.invalid(problems.list().stream().map(FilePlaces::fault).toList());
        }
    }

    private static FieldFault fault(Problem problem) {
        return new FieldFault(name(problem.field()), problem.message());
    }

    private static String name(String path) {
        for (var entry : NAMES.entrySet()) {
            if (path.startsWith(entry.getKey())) {
                return entry.getValue() + path.substring(entry.getKey().length());
            }
        }
        return path;
    }
}
