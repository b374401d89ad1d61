package carillon.web;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Where the boundary listens, and its limits. `main` serves every API under its prefix; `own` (by
/// the API's name) serves one API at the root. Port 0 stands for any free one. `requestsPerMinute`,
/// per principal or address, is empty when there is no limit. With `tls` every listener speaks
/// HTTPS, and none HTTP.
public record WebSettings(
        InetSocketAddress main,
        Map<String, InetSocketAddress> own,
        OptionalInt requestsPerMinute,
        Limits limits,
        Optional<TlsFiles> tls) {
    /// How much one server takes at once. `inFlight` bounds requests being answered, `feeds` open
    /// event streams, `idle` how long a connection may be silent.
    public record Limits(int bodyBytes, int headerBytes, int inFlight, int feeds, Duration idle) {
        public static final Limits DEFAULT =
                new Limits(1024 * 1024, 16 * 1024, 1_000, 200, Duration.ofSeconds(60));

        public Limits {
            requireNonNull(idle, "idle");
            if (bodyBytes < 1 || headerBytes < 1024 || inFlight < 1 || feeds < 0) {
                throw new IllegalArgumentException("limits must be positive");
            }
        }
    }

    public WebSettings {
        requireNonNull(main, "main");
        own = Map.copyOf(own);
        requireNonNull(requestsPerMinute, "requestsPerMinute");
        requireNonNull(limits, "limits");
        requireNonNull(tls, "tls");
        if (requestsPerMinute.isPresent() && requestsPerMinute.getAsInt() < 1) {
            throw new IllegalArgumentException("the rate limit must be at least 1");
        }
    }

    /// Without TLS.
    public WebSettings(
            InetSocketAddress main,
            Map<String, InetSocketAddress> own,
            OptionalInt requestsPerMinute,
            Limits limits) {
        this(main, own, requestsPerMinute, limits, Optional.empty());
    }

    /// The same with HTTPS.
    public WebSettings withTls(TlsFiles files) {
        return new WebSettings(main, own, requestsPerMinute, limits, Optional.of(files));
    }

    /// The main listener alone, on a free port of loopback, without a rate limit.
    public static WebSettings loopback() {
        return new WebSettings(
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
                Map.of(),
                OptionalInt.empty(),
                Limits.DEFAULT);
    }
}
