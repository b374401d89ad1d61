package carillon.web;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// Turns what handlers answer into bytes.
final class Wire {
    private static final ObjectWriter WRITER =
            JsonMapper.builder()
                    .addModule(new SimpleModule().addSerializer(Instant.class, new Rfc3339()))
                    .build()
                    .writer();

    private Wire() {}

    /// Text and bytes go out as they are, unless they are JSON values; everything else is written
    /// as JSON.
    static byte[] bytes(Answer answer) {
        if (answer.body() instanceof byte[] bytes) {
            return bytes;
        }
        if (answer.body() instanceof String text && !answer.contentType().endsWith("json")) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        return json(answer.body());
    }

    static byte[] json(Object value) {
        try {
            return WRITER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("writing " + value.getClass().getName(), e);
        }
    }

    private static final class Rfc3339 extends JsonSerializer<Instant> {
        @Override
        public void serialize(Instant value, JsonGenerator out, SerializerProvider provider)
                throws IOException {
            out.writeString(value.toString());
        }
    }
}
