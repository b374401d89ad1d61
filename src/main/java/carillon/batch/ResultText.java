package carillon.batch;

import carillon.ai.Message;
import carillon.ai.Tokens;
import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Writes results as lines of an output.
final class ResultText {
    private static final int NANO = 9;

    /// The columns of an output in CSV.
    static final List<String> COLUMNS =
            List.of(
                    "ID",
                    "Success",
                    "Response",
                    "Error",
                    "Prompt Tokens",
                    "Completion Tokens",
                    "Total Tokens",
                    "Cost",
                    "Timestamp",
                    "Prompt",
                    "Model",
                    "Temperature",
                    "Max Tokens");

    /// Where the prompt stands among the columns.
    static final int PROMPT = COLUMNS.indexOf("Prompt");

    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    private ResultText() {}

    /// What an output begins with.
    static byte[] header(Format format) {
        return switch (format) {
            case CSV -> csvLine(COLUMNS);
            case JSON_LINES -> new byte[0];
        };
    }

    static byte[] line(Format format, Result result) {
        return switch (format) {
            case CSV -> csvLine(cells(result));
            case JSON_LINES -> (Json.write(json(result)) + "\n").getBytes(StandardCharsets.UTF_8);
        };
    }

    private static List<String> cells(Result result) {
        var tokens = result.spending().tokens();
        var row = result.row();
        return List.of(
                result.id(),
                Boolean.toString(result.succeeded()),
                result.answer().orElse(""),
                result.error(),
                tokens.map(each -> Long.toString(each.input())).orElse(""),
                tokens.map(each -> Long.toString(each.output())).orElse(""),
                tokens.map(each -> Long.toString(each.total())).orElse(""),
                cost(result).map(BigDecimal::toPlainString).orElse(""),
                timestamp(result.at()),
                row.map(ResultText::prompt).orElse(""),
                result.model(),
                row.map(ResultText::temperature).orElse(""),
                row.map(ResultText::maxTokens).orElse(""));
    }

    /// A line of CSV with these cells and its end.
    static byte[] csvLine(List<String> cells) {
        var line = new StringBuilder();
        for (var cell : cells) {
            append(line, cell);
            line.append(',');
        }
        line.setCharAt(line.length() - 1, '\n');
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// After RFC 4180, with lines that end in LF.
    private static void append(StringBuilder line, String cell) {
        boolean plain = true;
        for (int i = 0; i < cell.length() && plain; i++) {
            char c = cell.charAt(i);
            plain = c != ',' && c != '"' && c != '\n' && c != '\r';
        }
        if (plain) {
            line.append(cell);
        } else {
            line.append('"').append(cell.replace("\"", "\"\"")).append('"');
        }
    }

    /// The question as outputs show it.
    static String prompt(Row row) {
        var wording = row.wording();
        return wording.messages().isEmpty()
                ? wording.prompt()
                : Json.write(messages(wording.messages()));
    }

    private static String temperature(Row row) {
        var wanted = row.temperature();
        return wanted.isPresent() ? plain(wanted.getAsDouble()).toPlainString() : "";
    }

    private static String maxTokens(Row row) {
        var wanted = row.maxTokens();
        return wanted.isPresent() ? Integer.toString(wanted.getAsInt()) : "";
    }

    /// In dollars.
    private static Optional<BigDecimal> cost(Result result) {
        var cost = result.spending().costNanodollars();
        return cost.isPresent()
                ? Optional.of(tidy(BigDecimal.valueOf(cost.getAsLong(), NANO)))
                : Optional.empty();
    }

    private static BigDecimal plain(double number) {
        return tidy(BigDecimal.valueOf(number));
    }

    /// Without zeros at the end, and without an exponent.
    private static BigDecimal tidy(BigDecimal number) {
        var stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /// Down to milliseconds.
    static String timestamp(Instant at) {
        var begun = second;
        if (begun.epoch != at.getEpochSecond()) {
            begun = new Second(at.getEpochSecond(), SECOND.format(at));
            second = begun;
        }
        var millis = Integer.toString(1_000 + at.getNano() / 1_000_000);
        return begun.text + "." + millis.substring(1) + "Z";
    }

    /// A timestamp but for what comes after the seconds: the same for thousands of rows.
    private record Second(long epoch, String text) {}

    private static volatile Second second = new Second(Long.MIN_VALUE, "");

    private static ObjectNode json(Result result) {
        var json = Json.object();
        json.put("id", result.id());
        json.set("request", result.row().map(row -> request(row, result)).orElse(Json.object()));
        result.answer()
                .ifPresentOrElse(
                        answer -> json.put("response", answer), () -> json.putNull("response"));
        if (result.succeeded()) {
            json.putNull("error");
        } else {
            json.put("error", result.error());
        }
        result.spending()
                .tokens()
                .ifPresentOrElse(
                        tokens -> json.set("usage", usage(tokens)), () -> json.putNull("usage"));
        cost(result).ifPresentOrElse(cost -> json.put("cost", cost), () -> json.putNull("cost"));
        json.put("timestamp", timestamp(result.at()));
        json.put("success", result.succeeded());
        json.put("retryCount", result.retries());
        return json;
    }

    private static ObjectNode usage(Tokens tokens) {
        return Json.object()
                .put("promptTokens", tokens.input())
                .put("completionTokens", tokens.output())
                .put("totalTokens", tokens.total());
    }

    /// The row as it was asked.
    private static JsonNode request(Row row, Result result) {
        var json = Json.object();
        json.put("id", row.id());
        if (row.wording().messages().isEmpty()) {
            json.put("prompt", row.wording().prompt());
        } else {
            json.set("messages", messages(row.wording().messages()));
        }
        json.put("model", row.choices().model().orElse(result.model()));
        row.temperature().ifPresent(wanted -> json.put("temperature", plain(wanted)));
        row.maxTokens().ifPresent(wanted -> json.put("maxTokens", wanted));
        var labels = row.labels();
        labels.metadata().ifPresent(metadata -> json.set("metadata", metadata));
        labels.batchId().ifPresent(text -> json.put("batch_id", text));
        labels.correlationId().ifPresent(text -> json.put("corr_id", text));
        labels.idempotencyKey().ifPresent(text -> json.put("idempotency_key", text));
        return json;
    }

    private static ArrayNode messages(List<Message> messages) {
        var array = JsonNodeFactory.instance.arrayNode();
        messages.forEach(
                message ->
                        array.addObject()
                                .put("role", message.role().name().toLowerCase(Locale.ROOT))
                                .put("content", message.content()));
        return array;
    }
}
