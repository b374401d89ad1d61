package carillon.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WebServerTest {
    private final SmallApi api = new SmallApi("small", Api.Access.KEY);
    private final HttpClient client = HttpClient.newHttpClient();
    private WebServer server = newServer(WebSettings.loopback());

    private WebServer newServer(WebSettings settings) {
        return new WebServer(
                settings,
                List.of(api),
                new Authenticators(WebServerTest::key, Optional.empty()),
                _ -> Optional.empty(),
                InstantSource.system());
    }

    private static Optional<Principal> key(String credential) {
        return switch (credential) {
            case "viewer" -> Optional.of(new Principal("vera", Permission.VIEW));
            case "admin" -> Optional.of(new Principal("ada", Permission.ADMINISTER));
            default -> Optional.empty();
        };
    }

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        api.release.countDown();
        server.stop(Duration.ofSeconds(5));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Authorization", "Bearer admin");
    }

    private HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void a_route_answers_with_the_headers_of_every_answer() throws Exception {
        var answer = send(request("/small/things/7?q=a%20b"));
        assertThat(answer.body()).contains("\"id\":\"7\"", "\"caller\":\"ada\"", "\"q\":\"a b\"");
        assertThat(answer.headers().map()).containsKeys("x-request-id", "cache-control");
    }
}
