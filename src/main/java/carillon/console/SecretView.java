package carillon.console;

import static java.util.Objects.requireNonNull;

/// The secret of a webhook, which has just been made, shown this once; `path` is where the webhook
/// is.
public record SecretView(String target, String path, String secret) {
    public SecretView {
        requireNonNull(target, "target");
        requireNonNull(path, "path");
        requireNonNull(secret, "secret");
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "the secret of " + target;
    }
}
