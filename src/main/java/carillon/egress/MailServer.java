package carillon.egress;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// A server that takes mail over SMTP. On port 465 the connection is secure from its first byte;
/// elsewhere `startTls` makes it so before anything is said, or nothing is.
public record MailServer(String host, int port, boolean startTls, Optional<Login> login) {
    static final int SECURE_PORT = 465;

    public MailServer {
        requireNonNull(host, "host");
        requireNonNull(login, "login");
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port from 1 to 65535: " + port);
        }
    }

    public record Login(String username, String password) {
        public Login {
            requireNonNull(username, "username");
            requireNonNull(password, "password");
        }

        /// Without the password.
        @Override
        public String toString() {
            return username;
        }
    }

    boolean isSecureAtOnce() {
        return port == SECURE_PORT;
    }

    /// For people.
    String where() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
