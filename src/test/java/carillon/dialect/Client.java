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
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// Speaks to one API over HTTP. `authorization` is the header of that name.
public record Client(HttpClient http, String base, Optional<String> authorization) {
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

    public Client withKey(String key) {
        return new Client(http, base, Optional.of("Bearer " + key));
    }

    public Client withUser(String name, String password) {
        byte[] credential = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
        var encoded = Base64.getEncoder().encodeToString(credential);
        return new Client(http, base, Optional.of("Basic " + encoded));
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
        authorization.ifPresent(value -> request.header("Authorization", value));
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
