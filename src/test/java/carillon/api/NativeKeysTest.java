package carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeKeysTest {
    private static final String KEYS = "/api/v1/keys";

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

    private int statusWith(String key, String path) throws Exception {
        return server.send(server.request(path).setHeader("Authorization", "Bearer " + key))
                .status();
    }

    @Test
    void a_key_is_shown_once_opens_what_it_may_and_nothing_after_it_is_revoked() throws Exception {
        var made = server.post(KEYS, "{\"name\":\"ci\",\"role\":\"viewer\"}");
        assertThat(made.status()).isEqualTo(201);
        var key = made.body().path("key").asText();
        var path = KEYS + "/" + made.body().path("id");
        assertThat(made.header("Location")).isEqualTo(path);
        assertThat(made.body().path("role").asText()).isEqualTo("viewer");

        assertThat(statusWith(key, "/api/v1/tasks")).isEqualTo(200);
        assertThat(statusWith(key, KEYS)).isEqualTo(403);
        server.keys.writeLastUses();

        var listed = server.get(KEYS);
        assertThat(listed.raw().body()).doesNotContain(key).doesNotContain("\"key\"");
        var item = listed.body().path("data").get(0);
        assertThat(item.path("name").asText()).isEqualTo("ci");
        assertThat(item.path("created_by").asText()).isEqualTo("administer");
        assertThat(item.path("last_used_at").isTextual()).isTrue();

        var gone = server.delete(path);
        assertThat(gone.status()).isEqualTo(200);
        assertThat(gone.body().path("deleted").asBoolean()).isTrue();
        assertThat(statusWith(key, "/api/v1/tasks")).isEqualTo(401);
        assertThat(server.delete(path).status()).isEqualTo(404);
        assertThat(server.get(KEYS).body().path("data").size()).isZero();
    }

    @Test
    void a_key_opens_only_the_apis_of_its_scopes() throws Exception {
        var elsewhere =
                server.post(KEYS, "{\"name\":\"a\",\"role\":\"admin\",\"scopes\":[\"chronos\"]}");
        var here = server.post(KEYS, "{\"name\":\"b\",\"role\":\"admin\",\"scopes\":[\"native\"]}");

        var tasks = "/api/v1/tasks";
        assertThat(statusWith(elsewhere.body().path("key").asText(), tasks)).isEqualTo(403);
        assertThat(statusWith(here.body().path("key").asText(), tasks)).isEqualTo(200);
        assertThat(here.body().path("scopes").get(0).asText()).isEqualTo("native");
    }

    @Test
    void every_fault_of_a_wish_is_named() throws Exception {
        var wrong =
                server.post(
                        KEYS,
                        """
                        {"name":" ","role":"root","scopes":["mars"],"expire":1,
                         "expires_at":"2020-01-01T00:00:00Z"}
                        """);
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(NativeApiTest.texts(wrong.body().path("errors"), "field"))
                .containsExactlyInAnyOrder("name", "role", "scopes", "expires_at", "expire");

        var missing = server.post(KEYS, "{}");
        assertThat(NativeApiTest.texts(missing.body().path("errors"), "field"))
                .containsExactlyInAnyOrder("name", "role");

        server.post(KEYS, "{\"name\":\"ci\",\"role\":\"ADMIN\"}");
        var again = server.post(KEYS, "{\"name\":\"ci\",\"role\":\"viewer\"}");
        assertThat(again.status()).isEqualTo(409);
        assertThat(server.delete(KEYS + "/x").status()).isEqualTo(404);
        var nothing = HttpRequest.BodyPublishers.noBody();
        assertThat(server.send(server.request(KEYS).POST(nothing)).status()).isEqualTo(400);
    }
}
