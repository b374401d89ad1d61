package carillon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.api.NativeApi;
import carillon.egress.AllowList;
import carillon.egress.EgressSettings;
import carillon.store.StoreSettings;
import carillon.web.Route;
import carillon.web.WebSettings;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The page that shows the API, in a real browser: Debian's Chromium, which `bin/find-chromium`
/// installs where it is missing.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
final class DocsPageTest {
    private static final Pattern OPERATION =
            Pattern.compile("opblock-summary-method[^>]*>([A-Z]+)<.*?data-path=\"([^\"]+)\"");

    @TempDir private Path folder;
    private String chromium;

    @BeforeAll
    void find(@TempDir Path notes) throws Exception {
        var out = notes.resolve("chromium");
        var script = new ProcessBuilder("bin/find-chromium").redirectOutput(out.toFile());
        int code = script.redirectError(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        assertThat(code).as("bin/find-chromium finds or installs a Chromium").isZero();
        chromium = Files.readString(out).strip();
    }

    /// What a page has become, and what the browser complained of while it did.
    private record Shown(String page, List<String> complaints) {}

    private Shown open(String url) throws IOException, InterruptedException {
        var page = folder.resolve("page.html");
        var log = folder.resolve("chromium.log");
        var browser =
                new ProcessBuilder(
                                chromium,
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--user-data-dir=" + folder.resolve("profile"),
                                "--enable-logging=stderr",
                                "--virtual-time-budget=20000",
                                "--dump-dom",
                                url)
                        .redirectOutput(page.toFile())
                        .redirectError(log.toFile())
                        .start();
        try {
            assertThat(browser.waitFor(120, TimeUnit.SECONDS)).as("the browser ends").isTrue();
        } finally {
            browser.destroyForcibly();
        }
        var complaints =
                Files.readString(log).lines().filter(line -> line.contains("CONSOLE")).toList();
        return new Shown(Files.readString(page), complaints);
    }

    @Test
    void the_page_shows_every_operation_and_the_browser_complains_of_nothing() throws Exception {
        var egress = new EgressSettings(AllowList.of(List.of()), Set.of(), 10, "Carillon test");
        var plan =
                new Server.Plan(
                        folder.resolve("data"),
                        new StoreSettings.Sqlite(folder.resolve("data")),
                        WebSettings.loopback(),
                        Server.Reach.of(egress),
                        Map.of(),
                        "node-1",
                        ZoneOffset.UTC,
                        Server.Work.DEFAULT);
        try (var server = Server.start(plan, InstantSource.system())) {
            var shown = open("http://127.0.0.1:" + server.port() + "/docs");

            assertThat(shown.complaints()).isEmpty();
            var operations = new ArrayList<String>();
            var matcher = OPERATION.matcher(shown.page());
            while (matcher.find()) {
                operations.add(matcher.group(1) + " " + matcher.group(2));
            }
            assertThat(operations).containsAll(routes(server));
        }
    }

    private static List<String> routes(Server server) {
        return server.apis().stream()
                .filter(api -> api.name().equals(NativeApi.NAME))
                .flatMap(api -> api.routes().stream())
                .map((Route route) -> route.method() + " " + route.path())
                .toList();
    }

    /// Or the test above would pass on a page that does not work.
    @Test
    void a_script_that_is_not_allowed_or_fails_is_noticed() throws Exception {
        var loopback = InetAddress.ofLiteral("127.0.0.1");
        var server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    var body = "<script>1</script><script src='/nowhere.js'></script>";
                    exchange.getResponseHeaders().set("Content-Type", "text/html");
                    exchange.getResponseHeaders()
                            .set("Content-Security-Policy", "default-src 'self'");
                    exchange.sendResponseHeaders(200, body.length());
                    try (var out = exchange.getResponseBody()) {
                        out.write(body.getBytes(UTF_8));
                    }
                });
        server.start();
        try {
            var shown = open("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            assertThat(shown.complaints())
                    .anyMatch(line -> line.contains("Content Security Policy"));
        } finally {
            server.stop(0);
        }
    }
}
