package carillon.json;

import java.util.Locale;
import java.util.Set;

/// What counts as a secret, and how it is shown.
public final class Secrets {
    /// Stands for a secret wherever a definition is shown; sent back, it means "as it was".
    public static final String MASK = "***";

    private static final Set<String> CREDENTIAL_HEADERS =
            Set.of("authorization", "proxy-authorization", "cookie", "x-api-key");
    private static final Set<String> CREDENTIAL_WORDS =
            Set.of("token", "secret", "key", "password");

    private Secrets() {}

    /// Whether a header of this name carries a credential: by its name, in any case.
    public static boolean isCredentialHeader(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return CREDENTIAL_HEADERS.contains(lower)
                || CREDENTIAL_WORDS.stream().anyMatch(lower::contains);
    }
}
