package carillon.batch;

import carillon.ai.Message;
import carillon.ai.Model;
import carillon.json.Json;
import carillon.json.JsonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// A row while it is read: takes its values one by one and notes what is wrong with them.
final class RowDraft {
    /// Of any text in a row, in UTF-16 units.
    static final int MAX_TEXT = 1024 * 1024;

    static final double MAX_TEMPERATURE = 2;
    static final int MAX_TOKENS = 4_096;
    private static final int MAX_MESSAGES = 100;
    private static final int MAX_NUMBER = 40;
    private static final int MAX_SHOWN = 60;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    private final long number;
    private final RowRules rules;
    private final List<RowProblem> problems = new ArrayList<>();
    private String id;
    private String prompt = "";
    private List<Message> messages = List.of();
    private Optional<String> model = Optional.empty();
    private OptionalDouble temperature = OptionalDouble.empty();
    private OptionalInt maxTokens = OptionalInt.empty();
    private final ObjectNode metadata = Json.object();
    private Optional<String> batchId = Optional.empty();
    private Optional<String> correlationId = Optional.empty();
    private Optional<String> idempotencyKey = Optional.empty();

    /// `ordinal` counts the rows that are no header and not empty, from 1.
    RowDraft(long number, long ordinal, RowRules rules) {
        this.number = number;
        this.rules = rules;
        this.id = "task-" + ordinal;
    }

    void problem(String column, String message) {
        problems.add(new RowProblem(number, column, message));
    }

    private void problem(Column column, String message) {
        problem(column.word(), message);
    }

    /// A cell of CSV that is not empty.
    void set(Column column, String cell) {
        switch (column) {
            case TEMPERATURE, MAX_TOKENS -> number(column, cell);
            case MESSAGES, METADATA -> json(column, cell);
            case ID, PROMPT, MODEL, BATCH_ID, CORRELATION_ID, IDEMPOTENCY_KEY -> text(column, cell);
        }
    }

    /// A value of JSON that is not `null`.
    void set(Column column, JsonNode value) {
        switch (column) {
            case TEMPERATURE, MAX_TOKENS -> {
                if (value.isNumber()) {
                    number(column, value.decimalValue());
                } else {
                    problem(column, "must be a number");
                }
            }
            case MESSAGES -> messages(value);
            case METADATA -> metadata(value);
            case ID, PROMPT, MODEL, BATCH_ID, CORRELATION_ID, IDEMPOTENCY_KEY -> {
                if (value.isTextual()) {
                    text(column, value.textValue());
                } else {
                    problem(column, "must be a string");
                }
            }
        }
    }

    /// A value of a column that means nothing here.
    void fold(String name, JsonNode value) {
        metadata.set(name, value);
    }

    void fold(String name, String cell) {
        metadata.set(name, TextNode.valueOf(cell));
    }

    private void text(Column column, String text) {
        if (text.length() > MAX_TEXT) {
            problem(column, "must have at most " + MAX_TEXT + " characters");
            return;
        }
        switch (column) {
            case ID -> id(text);
            case PROMPT -> prompt = text;
            case MODEL -> model = Optional.of(text);
            case BATCH_ID -> batchId = Optional.of(text);
            case CORRELATION_ID -> correlationId = Optional.of(text);
            case IDEMPOTENCY_KEY -> idempotencyKey = Optional.of(text);
            case TEMPERATURE, MAX_TOKENS, MESSAGES, METADATA ->
                    throw new IllegalStateException("no text: " + column);
        }
    }

    private void id(String text) {
        if (ID.matcher(text).matches()) {
            id = text;
        } else {
            problem(Column.ID, "must have 1 to 100 letters, digits, '_' and '-'");
        }
    }

    private void number(Column column, String cell) {
        var text = cell.strip();
        try {
            if (text.length() <= MAX_NUMBER) {
                number(column, new BigDecimal(text));
                return;
            }
        } catch (NumberFormatException _) {
            // The problem below says it for every way not to be a number.
        }
        problem(column, "must be a number, not '" + shown(text) + "'");
    }

    private void number(Column column, BigDecimal value) {
        if (column == Column.TEMPERATURE) {
            double wanted = value.doubleValue();
            if (wanted >= 0 && wanted <= MAX_TEMPERATURE) {
                temperature = OptionalDouble.of(wanted);
            } else {
                problem(column, "must be a number from 0 to 2");
            }
            return;
        }
        try {
            maxTokens = OptionalInt.of(value.intValueExact());
        } catch (ArithmeticException _) {
            problem(column, "must be a whole number from 1");
        }
    }

    private void json(Column column, String cell) {
        try {
            var value = Json.read(cell);
            if (column == Column.MESSAGES) {
                messages(value);
            } else {
                metadata(value);
            }
        } catch (JsonException e) {
            problem(column, e.getMessage());
        }
    }

    private void metadata(JsonNode value) {
        if (value instanceof ObjectNode object) {
            metadata.setAll(object);
        } else {
            problem(Column.METADATA, "must be a JSON object");
        }
    }

    private void messages(JsonNode value) {
        if (!value.isArray() || value.isEmpty() || value.size() > MAX_MESSAGES) {
            problem(Column.MESSAGES, "must be a JSON array of 1 to " + MAX_MESSAGES + " messages");
            return;
        }
        var read = new ArrayList<Message>();
        for (var one : value) {
            message(one).ifPresent(read::add);
        }
        if (read.size() < value.size()) {
            problem(
                    Column.MESSAGES,
                    "each message is {\"role\": \"system\", \"user\" or \"assistant\","
                            + " \"content\": \"…\"}");
        } else if (read.getLast().role() != Message.Role.USER) {
            problem(Column.MESSAGES, "the last message must be the user's");
        } else {
            messages = read;
        }
    }

    private static Optional<Message> message(JsonNode value) {
        var role = value.path("role").asText("");
        var content = value.path("content");
        if (!content.isTextual() || content.textValue().length() > MAX_TEXT) {
            return Optional.empty();
        }
        for (var known : Message.Role.values()) {
            if (known.name().toLowerCase(Locale.ROOT).equals(role)) {
                return Optional.of(new Message(known, content.textValue()));
            }
        }
        return Optional.empty();
    }

    /// Makes the prompt from the row's columns.
    void fill(FillIn fillIn, Map<String, String> columns) {
        var missing = fillIn.missing(columns.keySet());
        if (!missing.isEmpty()) {
            problem(missing.getFirst(), "the template needs it");
            return;
        }
        var filled = fillIn.prompt(columns);
        if (filled.isEmpty()) {
            problem("", "the filled template has more than " + MAX_TEXT + " characters");
            return;
        }
        prompt = filled.get();
        messages = List.of();
    }

    /// Notes that nothing more can be read after this row.
    RowReading endsHere(String message) {
        problem("", message);
        return new RowReading.Bad(number, id, problems, true);
    }

    /// Judges the row as a whole.
    RowReading finish() {
        if (problems.isEmpty()) {
            judge();
        }
        if (!problems.isEmpty()) {
            return new RowReading.Bad(number, id, problems, false);
        }
        var labels =
                new Labels(
                        metadata.isEmpty() ? Optional.empty() : Optional.of(metadata),
                        batchId,
                        correlationId,
                        idempotencyKey);
        var choices = new Choices(model, temperature, maxTokens);
        return new RowReading.Good(
                new Row(number, id, new Wording(prompt, messages), choices, labels));
    }

    private void judge() {
        if (messages.isEmpty() && prompt.isBlank()) {
            problem(Column.PROMPT, "is empty; a row needs a prompt or messages");
        }
        var asked = rules.modelFor(model);
        if (asked.isEmpty()) {
            problem(Column.MODEL, "is empty, and the batch names no model");
            return;
        }
        var fault = rules.modelFault(asked.get());
        if (fault.isPresent()) {
            problem(Column.MODEL, fault.get());
        } else if (maxTokens.isPresent()) {
            judgeMaxTokens(asked.get(), maxTokens.getAsInt());
        }
    }

    private void judgeMaxTokens(String name, int wanted) {
        int allowed = Math.max(MAX_TOKENS, rules.find(name).map(RowDraft::ownMaxTokens).orElse(0));
        if (wanted < 1 || wanted > allowed) {
            problem(Column.MAX_TOKENS, "must be a whole number from 1 to " + allowed);
        }
    }

    private static int ownMaxTokens(Model model) {
        return model.defaults().maxTokens().orElse(0);
    }

    static String shown(String text) {
        return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
    }
}
