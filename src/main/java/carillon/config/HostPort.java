package carillon.config;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// An address to listen on: a host name or IP address, the latter without brackets, and a port.
public record HostPort(String host, int port) {
    private static final int MAX_PORT = 65_535;

    public HostPort {
        requireNonNull(host, "host");
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("a port is 0 to " + MAX_PORT + ": " + port);
        }
    }

    /// Reads `127.0.0.1:8080`, `localhost:8080` or `[::1]:8080`; empty for anything else.
    static Optional<HostPort> read(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || !text.substring(colon + 1).matches("\\d{1,5}")) {
            return Optional.empty();
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        var host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (port < 1 || port > MAX_PORT || bracketed != host.contains(":")) {
            return Optional.empty();
        }
        return host(bracketed ? host.substring(1, host.length() - 1) : host)
                .map(name -> new HostPort(name, port));
    }

    /// Reads a host name or an IP address.
    static Optional<String> host(String text) {
        return text.matches("[0-9a-fA-F:.]*:[0-9a-fA-F:.]+|[A-Za-z0-9]([A-Za-z0-9._-]{0,252})")
                ? Optional.of(text)
                : Optional.empty();
    }

    /// Whether nobody but this machine can reach it. A name other than `localhost` is not trusted.
    public boolean isLoopback() {
        return host.equalsIgnoreCase("localhost")
                || host.equals("::1")
                || host.matches("127\\.\\d+\\.\\d+\\.\\d+");
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
