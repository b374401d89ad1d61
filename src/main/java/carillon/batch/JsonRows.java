package carillon.batch;

import carillon.json.Json;
import carillon.json.JsonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
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
    private final InputStream bytes;
    private final RowRules rules;
    private final byte[] buffer = new byte[64 * 1024];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int length;
    private int at;
    private long number;
    private long ordinal;

    JsonRows(Path path, InputStream bytes, RowRules rules) {
        this.path = path;
        this.rules = rules;
        try {
            this.bytes = InputText.withoutMark(bytes);
        } catch (IOException e) {
            throw BlockStream.unreadable(path, e);
        }
    }

    @Override
    public Optional<RowReading> next() {
        while (true) {
            line.reset();
            long size;
            try {
                size = readLine();
            } catch (IOException e) {
                throw BlockStream.unreadable(path, e);
            }
            if (size < 0) {
                return Optional.empty();
            }
            number++;
            if (size > MAX_LINE || !isBlank()) {
                ordinal++;
                return Optional.of(read(size));
            }
        }
    }

    /// How many bytes the line has, of which at most [#MAX_LINE] are kept; below 0 at the end.
    private long readLine() throws IOException {
        long size = 0;
        while (true) {
            if (at == length) {
                length = bytes.read(buffer, 0, buffer.length);
                at = 0;
                if (length <= 0) {
                    length = 0;
                    return size == 0 ? -1 : size;
                }
            }
            int end = at;
            while (end < length && buffer[end] != '\n') {
                end++;
            }
            size += end - at;
            if (size <= MAX_LINE) {
                line.write(buffer, at, end - at);
            }
            boolean whole = end < length;
            at = whole ? end + 1 : end;
            if (whole) {
                return size;
            }
        }
    }

    private boolean isBlank() {
        for (var each : line.toByteArray()) {
            if (each != ' ' && each != '\t' && each != '\r') {
                return false;
            }
        }
        return true;
    }

    private RowReading read(long size) {
        var draft = new RowDraft(number, ordinal, rules);
        if (size > MAX_LINE) {
            draft.problem("", "the line has more than " + MAX_LINE + " bytes");
            return draft.finish();
        }
        try {
            if (Json.read(line.toByteArray()) instanceof ObjectNode object) {
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
            bytes.close();
        } catch (IOException e) {
            throw BlockStream.unreadable(path, e);
        }
    }
}
