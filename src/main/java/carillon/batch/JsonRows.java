package carillon.batch;

import carillon.json.Json;
import carillon.json.JsonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Rows of JSON Lines: one object a line. Empty lines are rows without a question.
final class JsonRows implements Rows {
    /// Of a line, in bytes.
    private static final int MAX_LINE = 4 * RowDraft.MAX_TEXT;

    private final Path path;
    private final ByteLines lines;
    private final RowRules rules;
    private long ordinal;

    JsonRows(Path path, InputStream bytes, RowRules rules) {
        this.path = path;
        this.rules = rules;
        try {
            this.lines = new ByteLines(InputText.withoutMark(bytes), MAX_LINE);
        } catch (IOException e) {
            throw BlockStream.unreadable(path, e);
        }
    }

    @Override
    public Optional<RowReading> next() {
        try {
            while (lines.read()) {
                if (lines.size() > MAX_LINE || !isBlank()) {
                    ordinal++;
                    return Optional.of(read());
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw BlockStream.unreadable(path, e);
        }
    }

    private boolean isBlank() {
        for (var each : lines.bytes()) {
            if (each != ' ' && each != '\t' && each != '\r') {
                return false;
            }
        }
        return true;
    }

    private RowReading read() {
        var draft = new RowDraft(lines.number(), ordinal, rules);
        if (lines.size() > MAX_LINE) {
            draft.problem("", "the line has more than " + MAX_LINE + " bytes");
            return draft.finish();
        }
        try {
            if (Json.read(lines.bytes()) instanceof ObjectNode object) {
                take(object, draft);
            } else {
                draft.problem("", "must be a JSON object");
            }
        } catch (JsonException e) {
            draft.problem("", e.getMessage().replaceFirst(" at line 1, ", " at "));
        }
        return draft.finish();
    }

    private void take(ObjectNode object, RowDraft draft) {
        for (var field : object.properties()) {
            var value = field.getValue();
            if (value.isNull()) {
                continue;
            }
            var column = Column.of(field.getKey());
            if (column.isPresent()) {
                draft.set(column.get(), value);
                continue;
            }
            var typingError =
                    rules.fillIn().stream().anyMatch(in -> in.variables().contains(field.getKey()))
                            ? Optional.<RowProblem>empty()
                            : CsvHeader.typingError(field.getKey());
            typingError.ifPresent(found -> draft.problem(found.column(), found.message()));
            draft.fold(field.getKey(), value);
        }
        rules.fillIn().ifPresent(fillIn -> draft.fill(fillIn, texts(object)));
    }

    /// Values as a template gets them: texts as they are, nothing for `null`, all else as JSON.
    private static Map<String, String> texts(ObjectNode object) {
        var texts = new HashMap<String, String>();
        for (var field : object.properties()) {
            texts.put(field.getKey(), text(field.getValue()));
        }
        return texts;
    }

    private static String text(JsonNode value) {
        if (value.isNull()) {
            return "";
        }
        return value.isTextual() ? value.textValue() : Json.write(value);
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw BlockStream.unreadable(path, e);
        }
    }
}
