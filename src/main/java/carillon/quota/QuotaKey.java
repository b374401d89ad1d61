package carillon.quota;

import static java.util.Objects.requireNonNull;

import carillon.ai.Endpoint;
import carillon.ai.Model;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// Names what is counted together, as providers do: one of their models, at one address, under one
/// API key. Models of ours that differ in other things only share a quota. Tells nothing of the
/// key.
public record QuotaKey(String text) {
    private static final int KEPT_BYTES = 16;

    public QuotaKey {
        requireNonNull(text, "text");
    }

    /// Empty for the built-in model, which has no quota.
    public static Optional<QuotaKey> of(Model model) {
        return model.endpoint().map(endpoint -> of(model, endpoint));
    }

    private static QuotaKey of(Model model, Endpoint endpoint) {
        var counted =
                String.join(
                        "\n",
                        model.provider().name(),
                        endpoint.baseUrl().toString(),
                        model.model(),
                        endpoint.apiKey().orElse(""));
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(counted.getBytes(StandardCharsets.UTF_8));
            return new QuotaKey(HexFormat.of().formatHex(digest, 0, KEPT_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
