package carillon.json;

import carillon.action.Condition;
import carillon.action.ValuePath;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Optional;

/// `{"path":"steps.score.output.value","op":"gt","value":0.5}`; `exists` has no value.
final class ConditionJson {
    private static final int MAX_VALUE_LENGTH = 10_000;

    private ConditionJson() {}

    static Optional<Condition> read(Fields fields) {
        var path = path(fields);
        var op = fields.word("op", Condition.Op.class);
        if (!fields.has("op")) {
            fields.problem("op", "is required");
        }
        var value = value(fields);
        fields.done();
        if (path.isEmpty() || op.isEmpty()) {
            return Optional.empty();
        }
        boolean wantsValue = op.get() != Condition.Op.EXISTS;
        if (wantsValue && !fields.has("value")) {
            fields.problem("value", "is required, except with 'exists'");
        }
        if (!wantsValue && fields.has("value")) {
            fields.problem("value", "cannot stand beside 'exists'");
        }
        return wantsValue == value.isPresent()
                ? Optional.of(new Condition(path.get(), op.get(), value))
                : Optional.empty();
    }

    private static Optional<ValuePath> path(Fields fields) {
        var text = fields.requiredText("path", ValuePath.MAX_LENGTH);
        try {
            return text.map(ValuePath::of);
        } catch (IllegalArgumentException e) {
            fields.problem("path", "is no path: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Object> value(Fields fields) {
        return fields.raw("value").flatMap(sent -> value(fields, sent));
    }

    private static Optional<Object> value(Fields fields, JsonNode sent) {
        boolean isText = sent.isTextual() && sent.textValue().length() <= MAX_VALUE_LENGTH;
        if (isText || sent.isNumber() || sent.isBoolean()) {
            return Optional.of(PlainValues.of(sent));
        }
        fields.problem(
                "value",
                "must be a string of at most "
                        + MAX_VALUE_LENGTH
                        + " characters, a number, true or false");
        return Optional.empty();
    }

    static ObjectNode write(Condition condition) {
        var out =
                Json.object()
                        .put("path", condition.path().toString())
                        .put("op", Fields.word(condition.op()));
        condition.value().ifPresent(value -> put(out, value));
        return out;
    }

    private static void put(ObjectNode out, Object value) {
        switch (value) {
            case String text -> out.put("value", text);
            case BigDecimal number -> out.put("value", number);
            case Boolean truth -> out.put("value", truth);
            default -> throw new IllegalArgumentException("no plain value: " + value.getClass());
        }
    }
}
