package carillon.perform;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs a message as Standard Webhooks 1.0 says: HMAC-SHA256 over its id, its time and its body.
public final class Signature {
    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";

    private Signature() {}

    /// The value of the header `webhook-signature` where several secrets sign.
    public static String of(String id, Instant time, String body, List<String> secrets) {
        return secrets.stream()
                .map(secret -> of(id, time, body, secret))
                .collect(Collectors.joining(" "));
    }

    /// The value of the header `webhook-signature`.
    public static String of(String id, Instant time, String body, String secret) {
        var content = id + "." + time.getEpochSecond() + "." + body;
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key(secret), ALGORITHM));
            var signed = mac.doFinal(content.getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing a webhook", e);
        }
    }

    /// The decoded bytes of a `whsec_` secret; of any other, the bytes that it is written with.
    private static byte[] key(String secret) {
        if (secret.startsWith(PREFIX)) {
            try {
                return Base64.getDecoder().decode(secret.substring(PREFIX.length()));
            } catch (IllegalArgumentException _) {
                // Not what the prefix promises, so it is a plain secret that begins like one.
            }
        }
        return secret.getBytes(StandardCharsets.UTF_8);
    }
}
