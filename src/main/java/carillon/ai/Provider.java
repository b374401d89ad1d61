package carillon.ai;

import java.net.URI;
import java.util.Optional;

/// Who answers, and in which protocol.
public enum Provider {
    /// Built in: answers without any network, always the same.
    ECHO(""),
    /// OpenAI, and every server that speaks its chat completions.
    OPENAI("https://api.openai.com/v1"),
    ANTHROPIC("https://api.anthropic.com/v1"),
    GEMINI("https://generativelanguage.googleapis.com/v1beta");

    private final String baseUrl;

    Provider(String baseUrl) {
        this.baseUrl = baseUrl;
    }

    /// Where the provider answers when nobody says otherwise; empty for [#ECHO].
    public Optional<URI> baseUrl() {
        return baseUrl.isEmpty() ? Optional.empty() : Optional.of(URI.create(baseUrl));
    }

    /// Whether this is where the provider answers when nobody says otherwise.
    boolean isAt(URI url) {
        return baseUrl().stream().anyMatch(url::equals);
    }
}
