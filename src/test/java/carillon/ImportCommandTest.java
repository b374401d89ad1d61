package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.ai.AdministratorModels;
import carillon.json.Json;
import carillon.task.TaskQuery;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `carillon import` against a whole server.
@Timeout(120)
final class ImportCommandTest {
    private static final String CRONTAB =
            """
            CRON_TZ=Europe/Berlin
            0 5 * * * curl -fsS -u me:canary https://h.example/one
            @hourly curl https://h.example/two
            * * * * * /usr/local/bin/backup
            """;

    @TempDir Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Server server;

    @BeforeEach
    void start() {
        var plan = Plans.demo(folder.resolve("data"), folder, 0, AdministratorModels.NONE);
        server = Server.start(plan, InstantSource.system());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.commandLine(InstantSource.system())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private int run(String kind, Path file, String key) {
        var url = "http://127.0.0.1:" + server.port();
        return run("import", kind, file.toString(), "--server", url, "--key", key);
    }

    private String key() {
        return server.freshKey().orElseThrow();
    }

    private long tasks() {
        return server.useCases().tasks().count(TaskQuery.newest(1));
    }

    private Path crontab(String text) throws Exception {
        return Files.writeString(folder.resolve("crontab"), text);
    }

    @Test
    void a_crontab_is_imported_once_and_what_is_no_curl_call_is_listed() throws Exception {
        var file = crontab(CRONTAB);
        assertThat(run("crontab", file, key())).as(err.toString()).isEqualTo(1);
        assertThat(out.toString()).contains("2 made, 0 there already");
        assertThat(err.toString())
                .contains("line 4 not imported: * * * * * /usr/local/bin/backup: is no curl call");
        assertThat(tasks()).isEqualTo(2);

        assertThat(run("crontab", file, key())).isEqualTo(1);
        assertThat(out.toString()).contains("0 made, 2 there already");
        assertThat(tasks()).isEqualTo(2);

        var more = crontab("@daily curl https://h.example/three\n");
        assertThat(run("crontab", more, key())).isZero();
        assertThat(tasks()).isEqualTo(3);
    }

    @Test
    void a_dry_run_shows_native_json_without_secrets_and_makes_nothing() throws Exception {
        var file = crontab(CRONTAB).toString();
        assertThat(run("import", "crontab", file, "--dry-run")).isEqualTo(1);
        assertThat(out.toString()).doesNotContain("canary");
        var plan = Json.read(out.toString());
        assertThat(plan.path("tasks").size()).isEqualTo(2);
        assertThat(plan.at("/tasks/0/schedule/timezone").asText()).isEqualTo("Europe/Berlin");
        assertThat(plan.at("/tasks/0/action/http/auth/password").asText()).isEqualTo("***");
        assertThat(plan.at("/not_imported/0/line").asInt()).isEqualTo(4);
        assertThat(tasks()).isZero();
    }

    @Test
    void a_folder_of_cronai_is_imported_with_prompts_and_models() throws Exception {
        var place = Files.createDirectories(folder.resolve("cronai/cron_prompts/reports"));
        Files.writeString(
                folder.resolve("cronai/cronai.config"),
                """
                # reports
                0 8 * * 1 openai weekly console team=a model_params:temperature=0.2
                0 9 * * * claude missing console
                """);
        Files.writeString(
                folder.resolve("cronai/cron_prompts/weekly.md"),
                "---\ndescription: Weekly\n---\n{{include \"reports/head\"}} For {{team}}.\n");
        Files.writeString(place.resolve("head.md"), "Head of {{CURRENT_DATE}}.\n");

        assertThat(run("cronai", folder.resolve("cronai"), key())).isEqualTo(1);
        assertThat(out.toString())
                .contains("model cronai-openai-")
                .contains("prompt reports.head: made")
                .contains("prompt weekly: made")
                .contains("4 made, 0 there already");
        assertThat(err.toString())
                .contains("line 3 not imported")
                .contains("there is no file cron_prompts/missing.md");
        assertThat(tasks()).isOne();
        var file = folder.resolve("cronai/cronai.config");
        assertThat(run("cronai", file, key())).isEqualTo(1);
        assertThat(out.toString()).contains("0 made, 4 there already");
    }

    @Test
    void what_cannot_be_tried_exits_with_2_and_says_why() throws Exception {
        var file = crontab(CRONTAB);
        assertThat(run("import", "crontab", file + ".none")).isEqualTo(2);
        assertThat(err.toString()).contains("cannot be read: NoSuchFileException");
        assertThat(run("import", "crontab", file.toString(), "--key", " ")).isEqualTo(2);
        assertThat(err.toString()).contains("a key is needed");
        assertThat(run("crontab", file, "car_wrong")).isEqualTo(2);
        assertThat(err.toString()).contains("the key does not do").doesNotContain("car_wrong");
        var nowhere = "http://127.0.0.1:1";
        assertThat(run("import", "crontab", file.toString(), "--key", "k", "--server", nowhere))
                .isEqualTo(2);
        assertThat(err.toString()).contains("cannot be asked");
        assertThat(run("import")).isEqualTo(2);
        assertThat(tasks()).isZero();
    }
}
