package carillon.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who gets into the console, and who gets others to do something there, over real HTTP.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
final class SignInTest {
    private ConsoleServer server;

    @BeforeAll
    void start(@TempDir Path folder) {
        server = new ConsoleServer(folder);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private int overview(String cookie) throws Exception {
        return server.send(server.request("/console").header("Cookie", cookie)).statusCode();
    }

    @Test
    void the_cookie_says_nothing_of_the_key_and_no_script_and_no_other_site_has_it()
            throws Exception {
        var answer = server.signIn(server.admin());

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).hasValue("/console");
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
                .matches(
                        "carillon_sign_in=[A-Za-z0-9_-]{43}; Path=/console; Max-Age=43200;"
                                + " HttpOnly; SameSite=Strict")
                .doesNotContain(server.admin());
    }

    @Test
    void without_a_sign_in_there_is_the_page_to_do_so_and_nothing_else() throws Exception {
        var answer = server.send(server.request("/console"));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("name=\"key\"").doesNotContain("Next runs");
        assertThat(overview("carillon_sign_in=" + "A".repeat(43))).isEqualTo(401);
    }

    @Test
    void a_wrong_key_is_told_and_gets_no_cookie() throws Exception {
        var answer = server.signIn("car_nonsense");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("This key is not valid.");
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(server.signIn("").statusCode()).isEqualTo(400);
    }

    @Test
    void a_key_for_other_apis_does_not_open_the_console() throws Exception {
        var body = "{\"name\":\"narrow\",\"role\":\"admin\",\"scopes\":[\"chronos\"]}";
        var key = server.post("/keys", body).path("key").asText();

        var answer = server.signIn(key);

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void after_a_sign_out_the_cookie_opens_nothing() throws Exception {
        var cookie = server.cookie(server.admin());
        assertThat(overview(cookie)).isEqualTo(200);

        var out =
                server.send(
                        server.request("/console/sign-out")
                                .header("Cookie", cookie)
                                .header("Origin", server.url(""))
                                .POST(HttpRequest.BodyPublishers.noBody()));

        assertThat(out.statusCode()).isEqualTo(303);
        assertThat(out.headers().firstValue("Set-Cookie").orElseThrow()).contains("Max-Age=0");
        assertThat(overview(cookie)).isEqualTo(401);
    }

    @Test
    void a_revoked_key_ends_its_sign_ins_within_five_seconds() throws Exception {
        var key = server.key("short-lived", "viewer");
        var cookie = server.cookie(key.path("key").asText());
        assertThat(overview(cookie)).isEqualTo(200);

        server.send(
                server.request("/api/v1/keys/" + key.path("id").asLong())
                        .header("Authorization", "Bearer " + server.admin())
                        .DELETE());

        await().atMost(Duration.ofSeconds(5)).until(() -> overview(cookie) == 401);
    }

    @Test
    void what_changes_something_must_come_from_a_page_of_this_server() throws Exception {
        var cookie = server.cookie(server.admin());

        assertThat(signOut(cookie, "Origin", "https://evil.example")).isEqualTo(403);
        assertThat(signOut(cookie, "Origin", "null")).isEqualTo(403);
        assertThat(signOut(cookie, "Sec-Fetch-Site", "cross-site")).isEqualTo(403);
        assertThat(signOut(cookie, "Sec-Fetch-Site", "same-site")).isEqualTo(403);
        assertThat(signOut(cookie, "X-Nothing", "said")).isEqualTo(403);
        assertThat(overview(cookie)).isEqualTo(200);
        assertThat(signOut(cookie, "Sec-Fetch-Site", "same-origin")).isEqualTo(303);
    }

    private int signOut(String cookie, String header, String value) throws Exception {
        return server.send(
                        server.request("/console/sign-out")
                                .header("Cookie", cookie)
                                .header(header, value)
                                .POST(HttpRequest.BodyPublishers.noBody()))
                .statusCode();
    }

    /// Else a foreign page could have somebody work under a key of its own.
    @Test
    void a_foreign_page_signs_nobody_in() throws Exception {
        var answer =
                server.send(
                        server.request("/console/sign-in")
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .header("Origin", "https://evil.example")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "key=" + server.admin())));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void a_foreign_page_may_lead_here_but_not_read() throws Exception {
        var cookie = server.cookie(server.admin());

        var led =
                server.request("/console")
                        .header("Cookie", cookie)
                        .header("Sec-Fetch-Site", "cross-site")
                        .header("Sec-Fetch-Mode", "navigate");
        var read =
                server.request("/console")
                        .header("Cookie", cookie)
                        .header("Sec-Fetch-Site", "same-site")
                        .header("Sec-Fetch-Mode", "cors");

        assertThat(server.send(led).statusCode()).isEqualTo(200);
        assertThat(server.send(read).statusCode()).isEqualTo(403);
    }

    @Test
    void the_cookie_opens_no_other_api() throws Exception {
        var cookie = server.cookie(server.admin());

        var answer = server.send(server.request("/api/v1/tasks").header("Cookie", cookie));

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void pages_stand_in_no_frame_and_load_nothing_from_elsewhere() throws Exception {
        for (var path : new String[] {"/console", "/console/sign-in", "/console/nowhere"}) {
            var answer = server.send(server.request(path));
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                    .as(path)
                    .contains("default-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(answer.body()).as(path).doesNotContain("http://", "https://", "<script>");
        }
    }

    @Test
    void sign_ins_are_in_the_audit_log() throws Exception {
        server.cookie(server.admin());

        var newest = server.get("/audit?limit=1").path("data").path(0);

        assertThat(newest.path("action").asText()).isEqualTo("sign_in.begin");
        assertThat(newest.toString()).doesNotContain(server.admin());
    }
}
