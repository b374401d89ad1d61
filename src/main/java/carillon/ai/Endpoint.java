package carillon.ai;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.Optional;

/// Where a model is asked, and with which key. An address from the administrator may be one that is
/// closed to everybody else's, such as loopback.
public record Endpoint(URI baseUrl, Optional<String> apiKey, Source source) {
    public enum Source {
        /// The file or the environment of the server.
        ADMINISTRATOR,
        /// A model made through an API.
        CALLER
    }

    public Endpoint {
        requireNonNull(baseUrl, "baseUrl");
        requireNonNull(apiKey, "apiKey");
        requireNonNull(source, "source");
    }

    /// Without the key.
    @Override
    public String toString() {
        return baseUrl.getScheme() + "://" + baseUrl.getHost() + baseUrl.getPath();
    }
}
