package carillon.egress;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hc.client5.http.entity.mime.MultipartEntityBuilder;
import org.apache.hc.core5.http.ContentType;

/// A file of text and fields beside it as the body of a request (`multipart/form-data`, RFC 7578),
/// and the content type that goes with it.
public record FileForm(String body, String contentType) {
    public FileForm {
        requireNonNull(body, "body");
        requireNonNull(contentType, "contentType");
    }

    /// The file, which must be UTF-8, is the field `file` and is called `name`.
    public static FileForm of(Path file, String name, String type, Map<String, String> fields)
            throws IOException {
        var builder = MultipartEntityBuilder.create();
        fields.forEach(builder::addTextBody);
        builder.addBinaryBody("file", file.toFile(), ContentType.create(type), name);
        try (var entity = builder.build()) {
            var bytes = new ByteArrayOutputStream();
            entity.writeTo(bytes);
            return new FileForm(bytes.toString(StandardCharsets.UTF_8), entity.getContentType());
        }
    }
}
