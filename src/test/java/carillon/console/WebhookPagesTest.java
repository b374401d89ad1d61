package carillon.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The pages of webhooks, with a receiver that answers scripts.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
final class WebhookPagesTest {
    private static final String HOSTILE =
            "</pre><script>document.title='taken'</script><img src=x onerror=document.title='x'>";

    private final AtomicInteger received = new AtomicInteger();
    private HttpServer receiver;
    private ConsoleServer server;
    private Browser browser;
    private Pressing admin;

    @BeforeAll
    void start(@TempDir Path folder, @TempDir Path notes) throws Exception {
        browser = Browser.open(notes);
        server = new ConsoleServer(folder);
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        receiver.createContext("/", this::answer);
        receiver.start();
        admin = new Pressing(server, server.admin());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            received.incrementAndGet();
            var body = HOSTILE.getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @AfterAll
    void stop() {
        browser.close();
        server.close();
        receiver.stop(0);
    }

    private long subscribe(String path, String description) throws Exception {
        var body =
                "{\"url\":\"http://127.0.0.1:%d%s\",\"description\":\"%s\",\"events\":%s}"
                        .formatted(
                                receiver.getAddress().getPort(),
                                path,
                                description,
                                "[\"task.completed\"]");
        return server.post("/webhooks", body).path("id").asLong();
    }

    private void unsubscribe(long id) throws Exception {
        server.send(
                server.request("/api/v1/webhooks/" + id)
                        .header("Authorization", "Bearer " + server.admin())
                        .DELETE());
    }

    /// A task that succeeds, of which the subscription is told; returns the delivery.
    private long delivered(long webhook) throws Exception {
        var body =
                ("{\"name\":\"told\",\"action\":"
                                + "{\"prompt\":{\"model\":\"echo\",\"text\":\"%s\"}}}")
                        .formatted(HOSTILE);
        var task = server.post("/tasks", body);
        server.post("/tasks/" + task.path("id") + "/execute?wait=20s", "");
        return Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .until(
                        () -> server.get("/webhooks/" + webhook + "/deliveries").at("/data/0"),
                        one -> one.path("state").asText().equals("DELIVERED"))
                .path("id")
                .asLong();
    }

    @Test
    void a_delivery_is_looked_at_and_delivered_once_more() throws Exception {
        long webhook = subscribe("/hook?token=hidden", "for <b>tests</b>");
        long delivery = delivered(webhook);
        var page = browser.signedIn(server, server.admin());
        page.navigate(server.url("/console/webhooks"));
        assertThat(page.locator("tbody")).containsText("for <b>tests</b>");
        assertThat(page.locator("tbody")).not().containsText("hidden");
        assertThat(Browser.barriers(page)).isEmpty();
        page.locator("tbody a").click();
        assertThat(page.locator("dl")).containsText("task.completed");
        assertThat(page.locator("tbody tr")).hasCount(1);
        assertThat(page.locator("tbody")).containsText("DELIVERED");
        assertThat(Browser.barriers(page)).isEmpty();

        page.locator("tbody a").click();
        assertThat(page.locator("dl")).containsText("msg_" + delivery);
        assertThat(page.locator("tbody")).containsText(HOSTILE);
        assertThat(page.locator("pre")).containsText("\"type\" : \"task.completed\"");
        assertThat(page.locator("pre")).containsText(HOSTILE);
        assertThat(Browser.barriers(page)).isEmpty();
        int before = received.get();
        Browser.press(page, "Redeliver");
        assertThat(page.locator("tbody tr")).hasCount(2);
        Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> received.get() > before);
        assertThat(page.title()).isEqualTo("Delivery " + delivery + " · Carillon");
        assertThat(browser.complaints()).isEmpty();
        unsubscribe(webhook);
    }

    private JsonNode webhook(long id) throws Exception {
        return server.get("/webhooks/" + id);
    }

    @Test
    void a_webhook_is_disabled_and_enabled() throws Exception {
        assertThat(admin.page("/webhooks")).contains("There are no webhooks");
        long id = subscribe("/other", "");
        var path = "/webhooks/" + id;
        assertThat(admin.page("/webhooks")).contains("/other", "enabled");
        assertThat(admin.page(path)).contains("Nothing has been told to it.", path + "/disable");

        assertThat(admin.led(path + "/disable", Map.of())).isEqualTo(path);
        assertThat(webhook(id).path("active").asBoolean()).isFalse();
        assertThat(admin.page(path)).contains("stopped by a person", path + "/enable");
        assertThat(admin.page("/webhooks")).contains("disabled");

        assertThat(admin.led(path + "/enable", Map.of())).isEqualTo(path);
        assertThat(webhook(id).path("active").asBoolean()).isTrue();
        unsubscribe(id);
    }

    @Test
    void who_may_not_change_them_finds_no_buttons_and_other_sites_neither() throws Exception {
        long id = subscribe("/watched", "");
        long delivery = delivered(id);
        var path = "/webhooks/" + id;
        var again = path + "/deliveries/" + delivery + "/redeliver";
        var viewer = new Pressing(server, server.key("onlooker", "viewer").path("key").asText());
        assertThat(viewer.page(path)).contains("DELIVERED").doesNotContain("quiet small");
        var operator =
                new Pressing(server, server.key("operator", "operator").path("key").asText());
        assertThat(operator.page(path)).contains(again).doesNotContain("/disable");
        for (var doing : List.of(path + "/disable", path + "/enable", path + "/rotate", again)) {
            assertThat(viewer.press(doing, Map.of()).statusCode()).as(doing).isEqualTo(403);
            assertThat(admin.pressFromElsewhere(doing)).as(doing).isEqualTo(403);
        }
        assertThat(operator.press(path + "/disable", Map.of()).statusCode()).isEqualTo(403);
        assertThat(operator.led(again, Map.of())).isEqualTo(path + "/deliveries/" + delivery);
        assertThat(admin.status("/webhooks/1")).isEqualTo(404);
        assertThat(admin.status(path + "/deliveries/1")).isEqualTo(404);
        unsubscribe(id);
    }
}
