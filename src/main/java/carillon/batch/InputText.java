package carillon.batch;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Bytes as text in UTF-8, with or without a byte order mark. Bytes that are not UTF-8 become
/// [#BROKEN], which no UTF-8 can say.
final class InputText extends Reader {
    static final char BROKEN = '\udc00';

    private static final int MARK = 3;

    private final Reader text;
    private long quotes;

    private InputText(Reader text) {
        this.text = text;
    }

    static InputText of(InputStream bytes) {
        var decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE)
                        .replaceWith(String.valueOf(BROKEN));
        return new InputText(new InputStreamReader(bytes, decoder));
    }

    /// The bytes without the mark of UTF-8. Throws [BatchException] for the marks of others.
    static InputStream withoutMark(InputStream bytes) throws IOException {
        var ahead = new PushbackInputStream(bytes, MARK);
        var start = ahead.readNBytes(MARK);
        if (isUtf16(start)) {
            throw new BatchException(
                    BatchEnd.Cause.INPUT, "row 1: the file is in UTF-16; save it as UTF-8");
        }
        boolean marked =
                start.length == MARK
                        && (start[0] & 0xff) == 0xef
                        && (start[1] & 0xff) == 0xbb
                        && (start[2] & 0xff) == 0xbf;
        if (!marked) {
            ahead.unread(start);
        }
        return ahead;
    }

    /// By its mark, or by the zeroes of Latin letters without one.
    private static boolean isUtf16(byte[] start) {
        if (start.length < 2) {
            return false;
        }
        int mark = ((start[0] & 0xff) << 8) | (start[1] & 0xff);
        return mark == 0xfeff || mark == 0xfffe || (start[0] == 0) != (start[1] == 0);
    }

    /// What a text must not hold; empty when it holds nothing of the kind.
    static Optional<String> fault(char[] text, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (text[i] == 0) {
                return Optional.of("holds a NUL byte");
            }
            if (text[i] == BROKEN && (i == offset || !Character.isHighSurrogate(text[i - 1]))) {
                return Optional.of("holds bytes that are not UTF-8");
            }
        }
        return Optional.empty();
    }

    /// How many double quotes have been read.
    long quotes() {
        return quotes;
    }

    @Override
    public int read(char[] into, int offset, int wanted) throws IOException {
        int given = text.read(into, offset, wanted);
        for (int i = offset; i < offset + given; i++) {
            if (into[i] == '"') {
                quotes++;
            }
        }
        return given;
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
