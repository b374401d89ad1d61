package carillon.config;

import static java.util.Objects.requireNonNull;

import carillon.agent.ToolServer;
import carillon.ai.AdministratorModels;
import carillon.egress.AllowList;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All that an administrator can set. `chronosUsers` holds bcrypt hashes by name; without any, the
/// Chronos API is open, which only a server on loopback may be.
public record Settings(
        Node node,
        Listening listening,
        Storage storage,
        AllowList egressAllow,
        Map<String, String> chronosUsers,
        RateLimit rateLimit,
        Retention retention,
        Asking asking) {
    public Settings {
        requireNonNull(node, "node");
        requireNonNull(listening, "listening");
        requireNonNull(storage, "storage");
        requireNonNull(egressAllow, "egressAllow");
        chronosUsers = Map.copyOf(chronosUsers);
        requireNonNull(rateLimit, "rateLimit");
        requireNonNull(retention, "retention");
        requireNonNull(asking, "asking");
    }

    /// The models that everybody may ask, and the servers whose tools agents may be given.
    public record Asking(AdministratorModels models, List<ToolServer> toolServers) {
        public Asking {
            requireNonNull(models, "models");
            toolServers = List.copyOf(toolServers);
        }
    }

    public AdministratorModels models() {
        return asking.models;
    }

    /// `id` is the node's name in a cluster; `timeZone` is meant where a schedule names none;
    /// `maxRunning` bounds the attempts under way at once.
    public record Node(String id, ZoneId timeZone, int maxRunning) {
        public Node {
            requireNonNull(id, "id");
            requireNonNull(timeZone, "timeZone");
        }
    }

    /// `main` serves every API under its prefix, port 0 meaning any free one; `own` are the
    /// addresses where an API is served at the root as well, by its name. With `tls` all of them
    /// speak HTTPS.
    public record Listening(HostPort main, Map<String, HostPort> own, Optional<Tls> tls) {
        public Listening {
            requireNonNull(main, "main");
            own = Map.copyOf(own);
            requireNonNull(tls, "tls");
        }
    }

    /// The PEM files with the server's certificate and its key.
    public record Tls(Path certificate, Path key) {
        public Tls {
            requireNonNull(certificate, "certificate");
            requireNonNull(key, "key");
        }
    }

    /// `data` is the server's folder; without a `database` the data lie in it. `filesRoot` is the
    /// folder that tasks may write in. `secretKey` is what stored secrets are encrypted with;
    /// without it, the key stands in the server's folder.
    public record Storage(
            Path data,
            Optional<Database> database,
            Optional<Path> filesRoot,
            Optional<String> secretKey) {
        public Storage {
            requireNonNull(data, "data");
            requireNonNull(database, "database");
            requireNonNull(filesRoot, "filesRoot");
            requireNonNull(secretKey, "secretKey");
        }

        /// Without the key.
        @Override
        public String toString() {
            return data + database.map(used -> " and " + used).orElse("");
        }
    }

    /// A PostgreSQL database by its JDBC URL; `direct` is one to the server itself where `url`
    /// leads through a pooler.
    public record Database(
            String url, Optional<String> direct, Optional<String> user, Optional<String> password) {
        public Database {
            requireNonNull(url, "url");
            requireNonNull(direct, "direct");
            requireNonNull(user, "user");
            requireNonNull(password, "password");
        }

        /// Without the URL's parameters, which can hold a password.
        @Override
        public String toString() {
            return url.replaceFirst("\\?.*", "");
        }
    }

    /// Requests a minute for each caller.
    public record RateLimit(boolean enabled, int perMinute) {}

    /// How long ended runs are kept, and how many of each task.
    public record Retention(int days, int runs) {}
}
