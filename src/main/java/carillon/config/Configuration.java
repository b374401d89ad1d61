package carillon.config;

import carillon.config.Settings.Database;
import carillon.config.Settings.Listening;
import carillon.config.Settings.Node;
import carillon.config.Settings.RateLimit;
import carillon.config.Settings.Retention;
import carillon.config.Settings.Storage;
import carillon.config.Settings.Tls;
import carillon.egress.AllowList;
import carillon.json.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Turns what the sources say into [Settings].
public final class Configuration {
    public static final String DEFAULT_DATA = "data";
    public static final int DEFAULT_PORT = 7700;

    private static final String LISTENERS = "listeners.";
    private static final String TLS_CERTIFICATE = "tls.certificate";
    private static final String TLS_KEY = "tls.key";
    private static final String DATABASE_URL = "a URL such as jdbc:postgresql://host/name";
    private static final List<String> SERVED =
            List.of("chronos", "a1base", "gpt-task-runner", "crewai");

    /// Every key there is.
    static final List<String> KEYS =
            List.of(
                    "bind",
                    "chronos.users",
                    "data",
                    "database",
                    "database-direct",
                    "database-password",
                    "database-user",
                    "egress.allow",
                    "files.root",
                    "listeners.a1base",
                    "listeners.chronos",
                    "listeners.crewai",
                    "listeners.gpt-task-runner",
                    "max-running",
                    "mcp",
                    "models",
                    "node-id",
                    "port",
                    "prices.file",
                    "rate-limit.enabled",
                    "rate-limit.per-minute",
                    "retention.days",
                    "retention.runs",
                    "secret-key",
                    "time-zone",
                    TLS_CERTIFICATE,
                    TLS_KEY);

    /// Variables with our prefix that mean something to others: to the client commands, and to
    /// [Sources].
    private static final Set<String> OTHERS_VARIABLES =
            Set.of("CARILLON_SERVER", "CARILLON_KEY", "CARILLON_CONFIG", "CARILLON_JAVA_OPTIONS");

    private static final String BCRYPT = "\\$2[aby]\\$(0[4-9]|1[0-6])\\$[./A-Za-z0-9]{53}";
    private static final String NODE_ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

    private final Given given = new Given();
    private final Sources sources;

    private Configuration(Sources sources) {
        this.sources = sources;
    }

    /// Throws [ConfigurationException] with everything that is wrong.
    public static Settings of(Sources sources) {
        return new Configuration(sources).settings();
    }

    private Settings settings() {
        sources.file().ifPresent(file -> ConfigFile.read(file, KEYS, given));
        given.refuseUnknown(KEYS);
        takeEnvironment();
        takeFlags();
        var listening = listening();
        var settings =
                new Settings(
                        node(listening.main().port()),
                        listening,
                        storage(),
                        egressAllow(),
                        chronosUsers(listening),
                        new RateLimit(
                                given.truth("rate-limit.enabled", true),
                                given.number("rate-limit.per-minute", 1, 1_000_000, 100)),
                        new Retention(
                                given.number("retention.days", 1, 36_500, 30),
                                given.number("retention.runs", 1, 100_000_000, 1_000)),
                        new Settings.Asking(
                                ModelSettings.read(given, sources.environment()),
                                ToolSettings.read(given)));
        if (!given.problems().isEmpty()) {
            throw new ConfigurationException(given.problems());
        }
        return settings;
    }

    private void takeEnvironment() {
        var keys = KEYS.stream().collect(Collectors.toMap(Sources::environmentName, key -> key));
        for (var variable : new TreeMap<>(sources.environment()).entrySet()) {
            var name = variable.getKey();
            var key = keys.get(name);
            if (key != null) {
                given.override(key, variable.getValue(), name);
            } else if (name.startsWith(Sources.ENVIRONMENT_PREFIX)
                    && !OTHERS_VARIABLES.contains(name)) {
                given.problem(
                        "", "", "unknown variable " + name + Nearest.hint(name, keys.keySet()));
            }
        }
    }

    private void takeFlags() {
        for (var flag : new TreeMap<>(sources.flags()).entrySet()) {
            var key = flag.getKey();
            if (KEYS.contains(key)) {
                given.override(key, flag.getValue(), "--" + key);
            } else if (!key.equals(Sources.FILE_KEY)) {
                given.problem("", "", "unknown flag --" + key + Nearest.hint(key, KEYS));
            }
        }
    }

    private Node node(int port) {
        var standard = sources.hostName().replaceAll("[^A-Za-z0-9._-]", "-") + "-" + port;
        var id =
                given.value(
                        "node-id",
                        "1 to 100 letters, digits, dots, dashes and underscores",
                        text -> text.matches(NODE_ID) ? Optional.of(text) : Optional.empty());
        return new Node(
                id.orElse(standard),
                given.zone("time-zone", ZoneId.of("UTC")),
                given.number("max-running", 1, 100_000, 1_000));
    }

    private Listening listening() {
        var host =
                given.value("bind", "an IP address or a host name", HostPort::host)
                        .orElse("127.0.0.1");
        var main = new HostPort(host, given.number("port", 0, 65_535, DEFAULT_PORT));
        var own = new HashMap<String, HostPort>();
        var taken = new HashMap<Integer, String>();
        taken.put(main.port(), "port");
        for (var api : SERVED) {
            var key = LISTENERS + api;
            var address = given.value(key, "an address such as 127.0.0.1:8080", HostPort::read);
            address.ifPresent(
                    to -> {
                        var other = taken.putIfAbsent(to.port(), key);
                        if (other != null) {
                            given.problem(key, "must have another port than '" + other + "'");
                        }
                        own.put(api, to);
                    });
        }
        return new Listening(main, own, tls());
    }

    private Optional<Tls> tls() {
        var certificate = file(TLS_CERTIFICATE);
        var key = file(TLS_KEY);
        if (given.has(TLS_CERTIFICATE) != given.has(TLS_KEY)) {
            given.problem(
                    given.has(TLS_KEY) ? TLS_KEY : TLS_CERTIFICATE,
                    "means nothing without '"
                            + (given.has(TLS_KEY) ? TLS_CERTIFICATE : TLS_KEY)
                            + "'");
        }
        return certificate.flatMap(first -> key.map(second -> new Tls(first, second)));
    }

    private Optional<Path> file(String key) {
        var file = given.value(key, "a file", Configuration::path);
        if (file.isPresent()
                && !(Files.isRegularFile(file.get()) && Files.isReadable(file.get()))) {
            given.problem(key, "must be a file that exists and can be read");
        }
        return file;
    }

    private Storage storage() {
        var data = given.value("data", "a folder", Configuration::path);
        var url = given.value("database", DATABASE_URL, Configuration::databaseUrl);
        var direct = given.value("database-direct", DATABASE_URL, Configuration::databaseUrl);
        var user = given.text("database-user");
        var password = given.text("database-password");
        if (!given.has("database")) {
            direct.ifPresent(_ -> given.problem("database-direct", "belongs to a database"));
            user.ifPresent(_ -> given.problem("database-user", "belongs to a database"));
            password.ifPresent(_ -> given.problem("database-password", "belongs to a database"));
        }
        var folder = data.orElse(Path.of(DEFAULT_DATA));
        return new Storage(
                folder,
                url.map(to -> new Database(to, direct, user, password)),
                filesRoot(folder),
                given.text("secret-key"));
    }

    private static Optional<String> databaseUrl(String text) {
        return text.startsWith("jdbc:postgresql:") ? Optional.of(text) : Optional.empty();
    }

    /// A folder of its own: what tasks write must not come over the database or the administrator's
    /// key.
    private Optional<Path> filesRoot(Path data) {
        var root = given.value("files.root", "a folder", Configuration::path);
        if (root.isPresent() && !Files.isDirectory(root.get())) {
            given.problem("files.root", "must be a folder that exists");
        } else if (root.isPresent() && contains(root.get(), data)) {
            given.problem("files.root", "must not be the data folder, nor one that it lies in");
        }
        return root;
    }

    private static boolean contains(Path outer, Path inner) {
        return real(inner).startsWith(real(outer));
    }

    /// Without links, as far as the path exists.
    private static Path real(Path path) {
        var whole = path.toAbsolutePath().normalize();
        var parent = whole.getParent();
        try {
            return whole.toRealPath();
        } catch (IOException _) {
            var name = whole.getFileName();
            return parent == null || name == null ? whole : real(parent).resolve(name);
        }
    }

    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    private AllowList egressAllow() {
        var entries = given.list("egress.allow");
        boolean sound = true;
        for (var entry : entries) {
            var fault = AllowList.fault(entry);
            fault.ifPresent(message -> given.problem("egress.allow", "'" + entry + "' " + message));
            sound &= fault.isEmpty();
        }
        return sound ? AllowList.of(entries) : AllowList.EMPTY;
    }

    private Map<String, String> chronosUsers(Listening listening) {
        var users = given.map("chronos.users");
        users.forEach(
                (name, hash) -> {
                    if (name.isBlank() || name.contains(":")) {
                        given.problem("chronos.users", "has a name that is blank or has a colon");
                    }
                    if (!hash.matches(BCRYPT)) {
                        given.problem(
                                "chronos.users",
                                "must give '" + name + "' a bcrypt hash with a cost from 4 to 16");
                    }
                });
        var chronos = listening.own().getOrDefault("chronos", listening.main());
        if (users.isEmpty() && !listening.main().isLoopback()) {
            refuseOpen("bind", listening.main());
        } else if (users.isEmpty() && !chronos.isLoopback()) {
            refuseOpen(LISTENERS + "chronos", chronos);
        }
        return users;
    }

    private void refuseOpen(String key, HostPort address) {
        given.problem(
                key,
                "opens the Chronos API to everybody who can reach "
                        + address.host()
                        + ": set 'chronos.users', or stay on 127.0.0.1");
    }
}
