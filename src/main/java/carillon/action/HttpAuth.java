package carillon.action;

import static java.util.Objects.requireNonNull;

/// How an HTTP call shows who it is. The texts of these values hide the credentials.
public sealed interface HttpAuth {
    record Basic(String username, String password) implements HttpAuth {
        public Basic {
            requireNonNull(username, "username");
            requireNonNull(password, "password");
        }

        @Override
        public String toString() {
            return "Basic[***]";
        }
    }

    record Bearer(String token) implements HttpAuth {
        public Bearer {
            requireNonNull(token, "token");
        }

        @Override
        public String toString() {
            return "Bearer[***]";
        }
    }

    /// The key goes into the named header, by default [#DEFAULT_HEADER].
    record ApiKey(String key, String header) implements HttpAuth {
        public static final String DEFAULT_HEADER = "X-API-Key";

        public ApiKey {
            requireNonNull(key, "key");
            requireNonNull(header, "header");
        }

        @Override
        public String toString() {
            return "ApiKey[***]";
        }
    }
}
