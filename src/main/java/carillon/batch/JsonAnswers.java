package carillon.batch;

import carillon.json.Json;
import carillon.json.JsonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// Answers in an output in JSON Lines.
final class JsonAnswers implements Answers {
    /// Of a line, in bytes; more than any answer has.
    private static final int MAX_LINE = 256 * 1024 * 1024;

    private final Path output;
    private final ByteLines lines;

    JsonAnswers(Path output) throws IOException {
        this.output = output;
        this.lines = new ByteLines(Files.newInputStream(output), MAX_LINE);
    }

    @Override
    public Optional<Answer> next() {
        try {
            if (!lines.read()) {
                return Optional.empty();
            }
        } catch (IOException e) {
            throw BlockStream.unreadable(output, e);
        }
        try {
            if (lines.size() <= MAX_LINE && Json.read(lines.bytes()) instanceof ObjectNode line) {
                return Optional.of(answer(line));
            }
        } catch (JsonException _) {
            // Told below.
        }
        throw Answers.noOutput(output, "line " + lines.number() + " is no JSON object");
    }

    private Answer answer(ObjectNode line) {
        var request = line.path("request");
        if (!line.path("id").isTextual() || !request.isObject()) {
            throw Answers.noOutput(output, "line " + lines.number() + " has no id or request");
        }
        var bytes = lines.bytes();
        var whole = Arrays.copyOf(bytes, bytes.length + 1);
        whole[bytes.length] = '\n';
        return new Answer(line.path("id").textValue(), prompt(request), whole);
    }

    private static String prompt(JsonNode request) {
        return request.has("messages")
                ? Json.write(request.path("messages"))
                : request.path("prompt").asText();
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw BlockStream.unreadable(output, e);
        }
    }
}
