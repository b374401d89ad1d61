package carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.Json;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class ProcessorRoutesTest {
    private static final String PROCESSORS = "/api/v1/processors";
    private static final String EMAIL = PROCESSORS + "/email/config";
    private static final String GITHUB = PROCESSORS + "/github/config";
    private static final String MAIL =
            """
            {"host":"mail.example","port":2525,"from":"carillon@example.com","username":"me",
             "password":"canary","starttls":true,"template":"{{response}}",
             "retry":{"attempts":3,"initial":"1s","max":"9s"}}
            """;

    @TempDir Path directory;
    private NativeServer server;

    @BeforeEach
    void start() {
        server = new NativeServer(directory);
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.close();
    }

    @Test
    void every_type_is_listed_with_what_it_needs() throws Exception {
        var types = server.get(PROCESSORS).body().path("data");
        assertThat(types.findValuesAsText("type"))
                .containsExactly("console", "file", "webhook", "slack", "teams", "email", "github");
        var file = types.get(1);
        assertThat(file.path("configured").asBoolean()).isFalse();
        assertThat(file.path("missing").asText()).isEqualTo("files.root is not set");
        assertThat(file.at("/config/0/name").asText()).isEqualTo("path");
        assertThat(types.get(3).path("configured").asBoolean()).isTrue();
        assertThat(types.get(3).at("/config/0/secret").asBoolean()).isTrue();
        assertThat(types.get(2).path("template").isNull()).isTrue();
        assertThat(Json.write(types.get(0).path("variables"))).contains("\"response\"");
    }

    @Test
    void settings_are_set_shown_without_secrets_and_kept_when_sent_back() throws Exception {
        var before = server.get(EMAIL);
        assertThat(before.header("ETag")).isEqualTo("\"0\"");
        assertThat(before.body().path("host").isNull()).isTrue();
        assertThat(before.body().path("port").asInt()).isEqualTo(587);

        var put = server.put(EMAIL, MAIL, "If-Match", "\"0\"");
        assertThat(put.status()).as(put.raw().body()).isEqualTo(200);
        assertThat(put.header("ETag")).isEqualTo("\"1\"");
        assertThat(put.raw().body()).doesNotContain("canary");
        assertThat(put.body()).isEqualTo(Json.read(MAIL.replace("canary", "***")));
        assertThat(server.get(EMAIL).body()).isEqualTo(put.body());
        assertThat(server.get(PROCESSORS).body().at("/data/5/configured").asBoolean()).isTrue();

        var again = server.put(EMAIL, put.raw().body().replace("9s", "8s"));
        assertThat(again.status()).as(again.raw().body()).isEqualTo(200);
        assertThat(again.header("ETag")).isEqualTo("\"2\"");
        assertThat(server.put(EMAIL, MAIL, "If-Match", "\"1\"").status()).isEqualTo(412);
        assertThat(server.put(EMAIL, MAIL, "If-Match", "*").status()).isEqualTo(200);
    }

    @Test
    void a_secret_stays_with_its_server() throws Exception {
        var shown = server.put(EMAIL, MAIL).raw().body();
        for (var moved :
                new String[] {
                    shown.replace("mail.example", "evil.example"), shown.replace("2525", "25")
                }) {
            var refused = server.put(EMAIL, moved);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body().at("/errors/0/field").asText()).isEqualTo("password");
        }
        var github = server.put(GITHUB, "{\"token\":\"canary\"}");
        assertThat(github.body().path("token").asText()).isEqualTo("***");
        assertThat(github.body().path("base_url").asText()).isEqualTo("https://api.github.com");
        assertThat(server.put(GITHUB, github.raw().body()).status()).isEqualTo(200);
        var moved = server.put(GITHUB, "{\"token\":\"***\",\"base_url\":\"https://evil.example\"}");
        assertThat(moved.status()).isEqualTo(400);
        assertThat(moved.body().at("/errors/0/field").asText()).isEqualTo("token");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "email | {'from':'a@b.example'} | host",
                "email | {'host':'h'} | from",
                "email | {'host':'h','from':'a'} | from",
                "email | {'host':'a b','from':'a@b.example'} | host",
                "email | {'host':'h','from':'a@b.example','port':0} | port",
                "email | {'host':'h','from':'a@b.example','username':'u'} | password",
                "email | {'host':'h','from':'a@b.example','password':'p'} | username",
                "email | {'host':'h','from':'a@b.example','username':'u',"
                        + "'password':'***'} | password",
                "email | {'host':'h','from':'a@b.example','starttls':'yes'} | starttls",
                "github | {'token':'a\\nb'} | token",
                "github | {'base_url':'ftp://x'} | base_url",
                "github | {'base_url':'https://u:p@x'} | base_url",
                "slack | {'template':'{{nope}}'} | template",
                "slack | {'url':'https://x'} | url",
                "webhook | {'template':'{{}}'} | template",
                "console | {'retry':{'attempts':0}} | retry.attempts",
                "console | {'retry':{'initial':'0s'}} | retry.initial",
                "console | {'retry':{'initial':'9s','max':'1s'}} | retry.max",
                "console | {'retry':{'max':'2d'}} | retry.max"
            })
    void what_is_wrong_is_told_with_its_field(String type, String body, String field)
            throws Exception {
        var put = server.put(PROCESSORS + "/" + type + "/config", body.replace('\'', '"'));
        assertThat(put.status()).isEqualTo(400);
        assertThat(put.body().at("/errors/0/field").asText()).isEqualTo(field);
        assertThat(put.body().at("/errors/1").isMissingNode()).as(put.raw().body()).isTrue();
    }

    @Test
    void a_type_that_does_not_exist_is_not_found() throws Exception {
        assertThat(server.get(PROCESSORS + "/fax/config").status()).isEqualTo(404);
        assertThat(server.put(PROCESSORS + "/fax/config", "{}").status()).isEqualTo(404);
    }

    @Test
    void a_task_cannot_use_what_is_not_set_up() throws Exception {
        var task =
                """
                {"name":"n","action":{"nothing":{}},"processors":[{"type":"console"},
                 {"type":"file","config":{"path":"x"}},
                 {"type":"email","config":{"to":"a@b.example"}},
                 {"type":"github","config":{"repository":"a/b"}}]}
                """;
        var refused = server.post("/api/v1/tasks", task);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().path("errors").findValuesAsText("field"))
                .containsExactly("processors[1].type", "processors[2].type", "processors[3].type");
        assertThat(refused.body().at("/errors/0/message").asText())
                .isEqualTo("cannot be used: files.root is not set");
        assertThat(refused.body().at("/errors/1/message").asText())
                .isEqualTo("cannot be used: no mail server is set in /processors/email/config");

        server.put(EMAIL, MAIL);
        var mails =
                task.replaceAll("(?s)\\{\"type\":\"file.*?\\}\\},", "")
                        .replaceAll("(?s),\\s*\\{\"type\":\"github.*\\}\\}", "");
        assertThat(server.post("/api/v1/tasks", mails).status()).isEqualTo(201);
    }
}
