package carillon.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;

/// Reads request bodies: whole, uncompressed, not beyond the limit, and not drop by drop.
final class Bodies {
    private static final System.Logger LOGGER = System.getLogger(Bodies.class.getName());
    private static final long MAX_DISCARDED = 32 * 1024 * 1024;
    private static final Duration MAX_DISCARD_TIME = Duration.ofSeconds(5);
    private static final Duration MAX_TIME = Duration.ofSeconds(20);

    private final int maxBytes;
    private final InstantSource time;

    Bodies(WebSettings.Limits limits, InstantSource time) {
        this.maxBytes = limits.bodyBytes();
        this.time = time;
    }

    /// The body, empty when there is none. Throws [RefusedException].
    byte[] read(Exchange exchange) {
        var request = exchange.request();
        requirePlain(exchange);
        if (request.getContentLengthLong() > maxBytes) {
            throw tooLarge();
        }
        try {
            return read(request.getInputStream());
        } catch (IOException e) {
            throw broken();
        }
    }

    private byte[] read(InputStream in) throws IOException {
        var until = time.instant().plus(MAX_TIME);
        var body = new ByteArrayOutputStream();
        byte[] buffer = new byte[8 * 1024];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            body.write(buffer, 0, n);
            if (body.size() > maxBytes) {
                throw tooLarge();
            }
            if (time.instant().isAfter(until)) {
                throw broken();
            }
        }
        return body.toByteArray();
    }

    /// Whether there is a body that has not been read to its end.
    boolean isUnread(Exchange exchange) throws IOException {
        var request = exchange.request();
        boolean hasBody =
                request.getContentLengthLong() > 0
                        || exchange.header("Transfer-Encoding").isPresent();
        return hasBody && !request.getInputStream().isFinished();
    }

    /// Reads on, for a while, and forgets. A client that asked first whether to send its body does
    /// not send it any more.
    void discard(Exchange exchange) {
        if (exchange.header("Expect").isPresent()) {
            return;
        }
        var until = time.instant().plus(MAX_DISCARD_TIME);
        byte[] buffer = new byte[8 * 1024];
        try (var in = exchange.request().getInputStream()) {
            long left = MAX_DISCARDED;
            for (int n = in.read(buffer); n >= 0 && left > 0; n = in.read(buffer)) {
                left -= n;
                if (time.instant().isAfter(until)) {
                    return;
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "request {0} broke off", exchange.requestId());
        }
    }

    private static RefusedException broken() {
        return new RefusedException(
                Refusal.of(Refusal.Kind.INVALID, "the body broke off or came too slowly"));
    }

    private static void requirePlain(Exchange exchange) {
        var coding = exchange.header("Content-Encoding").orElse("identity").strip();
        if (!coding.equalsIgnoreCase("identity") || exchange.repeats("Content-Encoding")) {
            throw unsupported("compressed requests are not accepted");
        }
        var type = exchange.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        if (type.matches(".*;\\s*charset\\s*=.*")
                && !type.matches(".*;\\s*charset\\s*=\\s*\"?(utf-8|us-ascii)\"?\\s*(;.*)?")) {
            throw unsupported("bodies must be in UTF-8");
        }
    }

    private static RefusedException unsupported(String message) {
        return new RefusedException(Refusal.of(Refusal.Kind.UNSUPPORTED_MEDIA_TYPE, message));
    }

    private RefusedException tooLarge() {
        return new RefusedException(
                Refusal.of(Refusal.Kind.TOO_LARGE, "a body has at most " + maxBytes + " bytes"));
    }
}
