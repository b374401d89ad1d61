package carillon.config;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Where settings come from, in rising precedence: the file, the environment, flags. `flags` are by
/// key, without dashes; `hostName` is this machine's, for the node's name.
public record Sources(
        Optional<File> file,
        Map<String, String> environment,
        Map<String, String> flags,
        String hostName) {
    /// A file's name, as told in problems, and what it says.
    public record File(String name, String text) {
        public File {
            requireNonNull(name, "name");
            requireNonNull(text, "text");
        }
    }

    static final String FILE_KEY = "config";
    static final String ENVIRONMENT_PREFIX = "CARILLON_";
    private static final String STANDARD_FILE = "carillon.yaml";

    public Sources {
        requireNonNull(file, "file");
        environment = Map.copyOf(environment);
        flags = Map.copyOf(flags);
        requireNonNull(hostName, "hostName");
    }

    /// Finds and reads the file: the one that `config` names, else `carillon.yaml` in the data
    /// folder where there is one. Throws [ConfigurationException] when it cannot be read.
    public static Sources of(
            Map<String, String> environment, Map<String, String> flags, String hostName) {
        var named = given(FILE_KEY, environment, flags).map(Path::of);
        var data = Path.of(given("data", environment, flags).orElse(Configuration.DEFAULT_DATA));
        var standard = Optional.of(data.resolve(STANDARD_FILE)).filter(Files::exists);
        var file = named.or(() -> standard).map(Sources::read);
        return new Sources(file, environment, flags, hostName);
    }

    private static Optional<String> given(
            String key, Map<String, String> environment, Map<String, String> flags) {
        return Optional.ofNullable(flags.get(key))
                .or(() -> Optional.ofNullable(environment.get(environmentName(key))));
    }

    private static File read(Path path) {
        try {
            return new File(path.toString(), Files.readString(path));
        } catch (IOException e) {
            var unreadable =
                    new ConfigurationException(
                            List.of(
                                    new ConfigProblem(
                                            path.toString(),
                                            "",
                                            "cannot be read: " + e.getClass().getSimpleName())));
            unreadable.initCause(e);
            throw unreadable;
        }
    }

    /// The name of the variable for a key: in capitals, with `_` for dots and dashes.
    static String environmentName(String key) {
        return ENVIRONMENT_PREFIX
                + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
