package carillon.webhook;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// What a subscriber has asked for: which events, one at least, are told to which URL.
public record Terms(URI url, String description, Set<WebhookEvent> events) {
    public Terms {
        requireNonNull(url, "url");
        requireNonNull(description, "description");
        if (events.isEmpty()) {
            throw new IllegalArgumentException("a subscription to nothing");
        }
        events = Collections.unmodifiableSet(EnumSet.copyOf(events));
    }

    /// Where it leads, for people: without the query, which can hold a secret.
    public String target() {
        var port = url.getPort() < 0 ? "" : ":" + url.getPort();
        var path = url.getRawPath() == null ? "" : url.getRawPath();
        return url.getScheme() + "://" + url.getHost() + port + path;
    }
}
