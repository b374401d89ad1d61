package carillon.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/// Somebody who has signed in, and looks at pages and sends their forms without a browser.
final class Pressing {
    private final ConsoleServer server;
    private final String cookie;

    Pressing(ConsoleServer server, String key) throws IOException, InterruptedException {
        this.server = server;
        this.cookie = server.cookie(key);
    }

    /// The page at a path of the console; it must be there.
    String page(String path) throws IOException, InterruptedException {
        var answer = server.send(server.request("/console" + path).header("Cookie", cookie));
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
        return answer.body();
    }

    int status(String path) throws IOException, InterruptedException {
        return server.send(server.request("/console" + path).header("Cookie", cookie)).statusCode();
    }

    /// Sends a form from a page of the server.
    HttpResponse<String> press(String path, Map<String, String> fields)
            throws IOException, InterruptedException {
        return press(path, fields, server.url(""));
    }

    /// Sends it from a page of another site.
    int pressFromElsewhere(String path) throws IOException, InterruptedException {
        return press(path, Map.of(), "https://elsewhere.example").statusCode();
    }

    private HttpResponse<String> press(String path, Map<String, String> fields, String origin)
            throws IOException, InterruptedException {
        var body =
                fields.entrySet().stream()
                        .map(field -> field.getKey() + "=" + encoded(field.getValue()))
                        .collect(Collectors.joining("&"));
        return server.send(
                server.request("/console" + path)
                        .header("Cookie", cookie)
                        .header("Origin", origin)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// Presses a button that leads to another page of the console; returns that page's path there.
    String led(String path, Map<String, String> fields) throws IOException, InterruptedException {
        var answer = press(path, fields);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return answer.headers().firstValue("Location").orElseThrow().replaceFirst("/console", "");
    }
}
