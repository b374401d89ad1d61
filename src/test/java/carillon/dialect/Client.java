package carillon.dialect;

import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;

/// Speaks to one API over HTTP. `key` is sent as a Bearer token.
public record Client(HttpClient http, String base, Optional<String> key) {
    /// An answer; `json` throws for one that is none.
    public record Reply(int status, String text, HttpHeaders headers) {
        public JsonNode json() {
            return Json.read(text);
        }

        /// The value at a JSON pointer.
        public JsonNode at(String pointer) {
            return json().at(pointer);
        }
    }

    public Client withKey(String other) {
        return new Client(http, base, Optional.of(other));
    }

    public Client withoutKey() {
        return new Client(http, base, Optional.empty());
    }

    public Reply get(String path) {
        return send("GET", path, "");
    }

    public Reply post(String path) {
        return send("POST", path, "");
    }

    public Reply post(String path, String body) {
        return send("POST", path, body);
    }

    public Reply put(String path, String body) {
        return send("PUT", path, body);
    }

    public Reply patch(String path, String body) {
        return send("PATCH", path, body);
    }

    public Reply delete(String path) {
        return send("DELETE", path, "");
    }

    public Reply send(String method, String path, String body) {
        var request = HttpRequest.newBuilder(URI.create(base + path));
        key.ifPresent(value -> request.header("Authorization", "Bearer " + value));
        if (body.isEmpty()) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.method(method, BodyPublishers.ofString(body))
                    .header("Content-Type", "application/json");
        }
        try {
            var response = http.send(request.build(), BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body(), response.headers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
