package carillon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import carillon.agent.ToolServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigurationTest {
    private static final String HASH =
            "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW";

    private static final String IN_LINES =
            """
            bind: "::1"
            port: 7800
            data: /var/lib/carillon
            database: jdbc:postgresql://db/carillon
            database-user: me
            database-direct: jdbc:postgresql://server/carillon
            database-password: 12345
            egress.allow: [10.0.0.0/8, intranet.example]
            listeners.chronos: 127.0.0.1:8080
            listeners.a1base: "[::1]:8081"
            chronos.users: {alice: HASH}
            rate-limit.per-minute: 7
            rate-limit.enabled: false
            time-zone: Europe/Berlin
            node-id: bell-1
            retention.days: 3
            retention.runs: 4
            max-running: 5
            """;

    private static final String IN_MAPS =
            """
            bind: ::1
            port: "7800"
            data: /var/lib/carillon
            database: jdbc:postgresql://db/carillon
            database-user: me
            database-direct: jdbc:postgresql://server/carillon
            database-password: "12345"
            egress: {allow: "10.0.0.0/8, intranet.example"}
            listeners:
              chronos: 127.0.0.1:8080
              a1base: "[::1]:8081"
            chronos:
              users:
                alice: HASH
            rate-limit: {per-minute: 7, enabled: "false"}
            time-zone: Europe/Berlin
            node-id: bell-1
            retention: {days: 3, runs: 4}
            max-running: 5
            """;

    @Test
    void without_sources_everything_has_its_default() {
        var settings = Configuration.of(sources("", Map.of(), Map.of()));
        assertThat(settings.listening().main()).isEqualTo(new HostPort("127.0.0.1", 7700));
        assertThat(settings.listening().own()).isEmpty();
        assertThat(settings.storage().data()).isEqualTo(Path.of("data"));
        assertThat(settings.storage().database()).isEmpty();
        assertThat(settings.node())
                .isEqualTo(new Settings.Node("my-host.local-7700", ZoneId.of("UTC"), 1_000));
        assertThat(settings.rateLimit()).isEqualTo(new Settings.RateLimit(true, 100));
        assertThat(settings.retention()).isEqualTo(new Settings.Retention(30, 1_000));
        assertThat(settings.chronosUsers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {IN_LINES, IN_MAPS})
    void the_file_can_set_every_key_in_lines_or_in_maps(String text) {
        var settings = Configuration.of(sources(text.replace("HASH", HASH), Map.of(), Map.of()));
        assertThat(settings.listening().main()).isEqualTo(new HostPort("::1", 7800));
        assertThat(settings.listening().own())
                .isEqualTo(
                        Map.of(
                                "chronos", new HostPort("127.0.0.1", 8080),
                                "a1base", new HostPort("::1", 8081)));
        var database =
                new Settings.Database(
                        "jdbc:postgresql://db/carillon",
                        Optional.of("jdbc:postgresql://server/carillon"),
                        Optional.of("me"),
                        Optional.of("12345"));
        assertThat(settings.storage())
                .isEqualTo(
                        new Settings.Storage(
                                Path.of("/var/lib/carillon"),
                                Optional.of(database),
                                Optional.empty(),
                                Optional.empty()));
        assertThat(settings.egressAllow()).hasToString("[10.0.0.0/8, intranet.example]");
        assertThat(settings.chronosUsers()).isEqualTo(Map.of("alice", HASH));
        assertThat(settings.rateLimit()).isEqualTo(new Settings.RateLimit(false, 7));
        assertThat(settings.node())
                .isEqualTo(new Settings.Node("bell-1", ZoneId.of("Europe/Berlin"), 5));
        assertThat(settings.retention()).isEqualTo(new Settings.Retention(3, 4));
    }

    @Test
    void a_certificate_and_its_key_are_files_that_exist_and_come_together(@TempDir Path folder)
            throws IOException {
        var certificate = Files.writeString(folder.resolve("c.pem"), "c");
        var key = Files.writeString(folder.resolve("k.pem"), "k");
        var both = "tls: {certificate: " + certificate + ", key: " + key + "}";
        assertThat(Configuration.of(sources(both, Map.of(), Map.of())).listening().tls())
                .contains(new Settings.Tls(certificate, key));

        assertThat(problems(sources("tls.certificate: " + certificate, Map.of(), Map.of())))
                .extracting(ConfigProblem::toString)
                .singleElement(STRING)
                .contains("tls.certificate", "means nothing without 'tls.key'");
        assertThat(problems(sources("tls.key: " + key, Map.of(), Map.of())))
                .extracting(ConfigProblem::toString)
                .singleElement(STRING)
                .contains("tls.key", "means nothing without 'tls.certificate'");
        for (var file : List.of(folder, folder.resolve("none"))) {
            var other = "tls: {certificate: " + certificate + ", key: " + file + "}";
            assertThat(problems(sources(other, Map.of(), Map.of())))
                    .extracting(ConfigProblem::toString)
                    .singleElement(STRING)
                    .contains("tls.key", "must be a file that exists and can be read");
        }
    }

    @Test
    void files_are_written_in_a_folder_of_their_own(@TempDir Path folder) throws IOException {
        var data = Files.createDirectories(folder.resolve("data"));
        var files = Files.createDirectories(data.resolve("files"));
        var flags = Map.of("data", data.toString());
        var settings = Configuration.of(sources("files.root: " + files, Map.of(), flags));
        assertThat(settings.storage().filesRoot()).contains(files);

        var link = Files.createSymbolicLink(folder.resolve("link"), folder);
        for (var root : List.of(data, folder, Path.of("/"), link)) {
            assertThat(problems(sources("files.root: " + root, Map.of(), flags)))
                    .extracting(ConfigProblem::toString)
                    .singleElement()
                    .asString()
                    .contains("must not be the data folder, nor one that it lies in");
        }
        var nowhere = "files.root: " + folder.resolve("nowhere");
        assertThat(problems(sources(nowhere, Map.of(), flags)))
                .singleElement()
                .asString()
                .contains("must be a folder that exists");
    }

    @Test
    void flags_win_over_the_environment_and_that_over_the_file() {
        var environment =
                Map.of(
                        "CARILLON_PORT", "2",
                        "CARILLON_RATE_LIMIT_PER_MINUTE", "20",
                        "CARILLON_CHRONOS_USERS", "alice=" + HASH,
                        "PATH", "/bin",
                        "CARILLON_SERVER", "http://elsewhere",
                        "CARILLON_KEY", "k");
        var settings =
                Configuration.of(
                        sources(
                                "port: 1\nrate-limit.per-minute: 10\nretention.runs: 5",
                                environment,
                                Map.of("port", "3", "config", "ignored here")));
        assertThat(settings.listening().main().port()).isEqualTo(3);
        assertThat(settings.rateLimit().perMinute()).isEqualTo(20);
        assertThat(settings.retention().runs()).isEqualTo(5);
        assertThat(settings.chronosUsers()).containsOnlyKeys("alice");
        assertThat(settings.node().id()).isEqualTo("my-host.local-3");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "mcp: {files: {}} | mcp.files must have either 'command' or 'url'",
                "mcp: {files: {url: 'ftp://x'}} | mcp.files.url must be an http or https URL",
                "mcp: {Files: {command: x}} | mcp.Files the name has 1 to 30 small letters",
                "mcp: {a: {command: x, arg: 1}} | mcp.a.arg unknown field; did you mean 'args'?",
                "mcp: [1] | mcp must be a map of at most 50 servers",
                "prot: 1 | carillon.yaml:1: unknown key 'prot': did you mean 'port'?",
                "listeners: {chronso: x} | did you mean 'listeners.chronos'?",
                "something: {else: 1} | unknown key 'something'",
                "port: no | port must be a whole number from 0 to 65535",
                "port: 65536 | port must be a whole number from 0 to 65535",
                "port: 99999999999 | port must be a whole number from 0 to 65535",
                "port: | port must have a value",
                "port: [1] | port must have a value",
                "bind: http://x | bind must be an IP address or a host name",
                "rate-limit.enabled: yes please | rate-limit.enabled must be true or false",
                "rate-limit.per-minute: 0 | must be a whole number from 1 to 1000000",
                "time-zone: Mars | time-zone must be a time zone such as Europe/Berlin",
                "egress.allow: [10.0.0.1/8] | egress.allow '10.0.0.1/8' must be a range",
                "egress.allow: {a: b} | egress.allow must be a list of texts",
                "egress.allow: [[a]] | egress.allow must be a list of texts",
                "listeners.chronos: 8080 | must be an address such as 127.0.0.1:8080",
                "listeners.chronos: 127.0.0.1:0 | must be an address such as",
                "listeners.chronos: 127.0.0.1:7700 | must have another port than 'port'",
                "chronos.users: {alice: secret} | must give 'alice' a bcrypt hash",
                "chronos.users: [alice] | must be a map",
                "database: mysql://x | database must be a URL such as jdbc:postgresql://host",
                "database-user: me | database-user belongs to a database",
                "database-direct: jdbc:postgresql://h/d | database-direct belongs to a database",
                "node-id: a b | node-id must be 1 to 100 letters",
                "max-running: 0 | must be a whole number from 1 to 100000",
                "[1] | must be a map of keys and values",
                "port: {1 | is no YAML",
            })
    void each_fault_is_told_with_its_place_and_what_was_expected(String text, String expected) {
        assertThat(problems(sources(text, Map.of(), Map.of())))
                .singleElement()
                .satisfies(
                        problem -> {
                            assertThat(problem.toString()).contains(expected);
                            assertThat(problem.source()).startsWith("carillon.yaml:1");
                        });
    }

    @Test
    void a_key_that_stands_twice_is_a_fault() {
        assertThat(problems(sources("port: 1\nport: 2", Map.of(), Map.of())))
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString()).contains("port"));
        var twice = "retention.days: 1\nretention:\n  days: 2";
        assertThat(problems(sources(twice, Map.of(), Map.of())))
                .containsExactly(
                        new ConfigProblem("carillon.yaml:3", "retention.days", "is given twice"));
    }

    @Test
    void all_faults_of_all_sources_are_listed_at_once() {
        var sources =
                sources(
                        "# ours\nprot: 1\n\nretention:\n  days: never\n",
                        Map.of("CARILLON_PROT", "1", "CARILLON_MAX_RUNNING", "many"),
                        Map.of("bnid", "x", "time-zone", "Mars"));
        assertThat(problems(sources))
                .extracting(ConfigProblem::toString)
                .containsExactlyInAnyOrder(
                        "carillon.yaml:2: unknown key 'prot': did you mean 'port'?",
                        "carillon.yaml:5: retention.days must be a whole number from 1 to 36500",
                        "unknown variable CARILLON_PROT; did you mean 'CARILLON_PORT'?",
                        "CARILLON_MAX_RUNNING: max-running must be a whole number from 1 to"
                                + " 100000",
                        "unknown flag --bnid; did you mean 'bind'?",
                        "--time-zone: time-zone must be a time zone such as Europe/Berlin or UTC");
        assertThatThrownBy(() -> Configuration.of(sources))
                .hasMessageContaining("carillon.yaml:2: unknown key 'prot'")
                .hasMessageContaining("--time-zone");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bind: 0.0.0.0",
                "bind: '::'",
                "bind: example.com",
                "listeners.chronos: 0.0.0.0:80"
            })
    void chronos_is_not_opened_to_the_world_without_users(String text) {
        assertThat(problems(sources(text, Map.of(), Map.of())))
                .singleElement()
                .satisfies(
                        problem ->
                                assertThat(problem.message())
                                        .contains("opens the Chronos API to everybody"));
        var closed = text + "\nchronos.users: {alice: " + HASH + "}";
        assertThat(Configuration.of(sources(closed, Map.of(), Map.of())).chronosUsers()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.2", "::1"})
    void on_loopback_no_users_are_needed(String bind) {
        var settings = Configuration.of(sources("", Map.of(), Map.of("bind", bind)));
        assertThat(settings.listening().main().isLoopback()).isTrue();
    }

    @Test
    void no_problem_and_no_text_of_settings_holds_a_secret() {
        var text = "database-password: canary\nchronos.users: {bob: canary}\ndatabase: canary";
        assertThat(problems(sources(text, Map.of(), Map.of())).toString()).doesNotContain("canary");
        var sound = "database-password: canary\ndatabase: jdbc:postgresql://h/d?password=canary";
        var settings = Configuration.of(sources(sound, Map.of(), Map.of()));
        assertThat(settings.storage().toString()).doesNotContain("canary");
    }

    @Test
    void servers_of_tools_are_programs_or_addresses() {
        var text =
                """
                mcp:
                  files: {command: npx, args: [-y, server], env: {A: b}}
                  docs: {url: "https://docs.example/mcp"}
                """;
        var files = new ToolServer.Way.Command("npx", List.of("-y", "server"), Map.of("A", "b"));
        var docs = new ToolServer.Way.Remote(URI.create("https://docs.example/mcp"));
        var expected = List.of(new ToolServer("files", files), new ToolServer("docs", docs));
        assertThat(Configuration.of(sources(text, Map.of(), Map.of())).asking().toolServers())
                .isEqualTo(expected);
        var json =
                "{\"files\":{\"command\":\"npx\",\"args\":[\"-y\",\"server\"],"
                        + "\"env\":{\"A\":\"b\"}},\"docs\":{\"url\":\"https://docs.example/mcp\"}}";
        var environment = Map.of("CARILLON_MCP", json);
        assertThat(Configuration.of(sources("", environment, Map.of())).asking().toolServers())
                .isEqualTo(expected);
    }

    @Test
    void the_file_is_the_named_one_or_the_one_in_the_data_folder(@TempDir Path folder)
            throws IOException {
        Files.writeString(folder.resolve("carillon.yaml"), "port: 1");
        Files.writeString(folder.resolve("other.yaml"), "port: 2");
        var data = Map.of("data", folder.toString());
        assertThat(portFrom(Map.of(), data)).isEqualTo(1);
        assertThat(portFrom(Map.of("CARILLON_DATA", folder.toString()), Map.of())).isEqualTo(1);
        var other = folder.resolve("other.yaml").toString();
        assertThat(portFrom(Map.of(), Map.of("data", folder.toString(), "config", other)))
                .isEqualTo(2);
        var empty = Map.of("data", folder.resolve("none").toString());
        assertThat(portFrom(Map.of(), empty)).isEqualTo(7700);
        var missing = Map.of("config", folder.resolve("missing.yaml").toString());
        assertThatThrownBy(() -> Sources.of(Map.of(), missing, "h"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("missing.yaml: cannot be read");
    }

    private static int portFrom(Map<String, String> environment, Map<String, String> flags) {
        var sources = Sources.of(environment, flags, "h");
        return Configuration.of(sources).listening().main().port();
    }

    private static Sources sources(
            String text, Map<String, String> environment, Map<String, String> flags) {
        return new Sources(
                Optional.of(new Sources.File("carillon.yaml", text)),
                environment,
                flags,
                "my host.local");
    }

    private static List<ConfigProblem> problems(Sources sources) {
        var thrown =
                catchThrowableOfType(ConfigurationException.class, () -> Configuration.of(sources));
        assertThat(thrown).isNotNull();
        return thrown.problems();
    }
}
