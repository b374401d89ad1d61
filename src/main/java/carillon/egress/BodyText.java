package carillon.egress;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.regex.Pattern;

/// Makes text of the bytes of an answer's body.
final class BodyText {
    private static final Pattern CHARSET =
            Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([^\\s;\"]{1,40})");

    private BodyText() {}

    /// Decodes by the charset that the content type names, else UTF-8; what is malformed becomes
    /// U+FFFD. Of a body that was cut, a character cut in two is left out.
    static String decode(ByteBuffer bytes, String contentType, boolean cut) {
        var decoder =
                charset(contentType)
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE);
        var size = (int) Math.ceil(bytes.remaining() * (double) decoder.maxCharsPerByte());
        var text = CharBuffer.allocate(size);
        decoder.decode(bytes, text, !cut);
        if (!cut) {
            decoder.flush(text);
        }
        return text.flip().toString();
    }

    private static Charset charset(String contentType) {
        var named = CHARSET.matcher(contentType);
        if (!named.find()) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(named.group(1));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
            return StandardCharsets.UTF_8;
        }
    }
}
