package carillon.mcp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The lines of a stream, in UTF-8, none of them longer than a bound.
final class Lines {
    /// In bytes; no honest message comes near it.
    static final int MAX_LENGTH = 4 * 1024 * 1024;

    private final InputStream from;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Lines(InputStream from) {
        this.from = new BufferedInputStream(from);
    }

    /// The next line, without its end; none at the end of the stream. Throws [IOException] when the
    /// line is too long.
    Optional<String> next() throws IOException {
        line.reset();
        int one = from.read();
        if (one < 0) {
            return Optional.empty();
        }
        while (one >= 0 && one != '\n') {
            if (line.size() == MAX_LENGTH) {
                throw new IOException("a line is longer than " + MAX_LENGTH + " bytes");
            }
            line.write(one);
            one = from.read();
        }
        var text = line.toString(StandardCharsets.UTF_8);
        return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }
}
