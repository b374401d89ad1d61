package carillon.web;

import static java.util.Objects.requireNonNull;

import carillon.json.Json;
import carillon.json.JsonException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A call made of a servlet request whose body has been read.
final class ServletCall implements Call {
    private final Exchange exchange;
    private final Map<String, String> parameters;
    private final Map<String, String> queries;
    private final byte[] body;
    private final Principal caller;

    ServletCall(Exchange exchange, Map<String, String> parameters, byte[] body, Principal caller) {
        this.exchange = exchange;
        this.parameters = parameters;
        this.queries = pairs(Optional.ofNullable(exchange.request().getQueryString()).orElse(""));
        this.body = body;
        this.caller = caller;
    }

    @Override
    public String caller() {
        return caller.name();
    }

    @Override
    public boolean may(Permission needed) {
        return caller.may(needed);
    }

    @Override
    public Optional<String> field(String name) {
        var type = exchange.header("Content-Type").orElse("").split(";", 2)[0].strip();
        if (!type.equalsIgnoreCase("application/x-www-form-urlencoded")) {
            return Optional.empty();
        }
        return Optional.ofNullable(pairs(new String(body, StandardCharsets.UTF_8)).get(name));
    }

    @Override
    public Optional<String> cookie(String name) {
        return exchange.cookie(name);
    }

    @Override
    public boolean isSecure() {
        return exchange.request().isSecure();
    }

    @Override
    public String path(String name) {
        return requireNonNull(parameters.get(name), name);
    }

    @Override
    public Optional<String> query(String name) {
        return Optional.ofNullable(queries.get(name));
    }

    @Override
    public Optional<String> header(String name) {
        return exchange.header(name);
    }

    @Override
    public JsonNode json() {
        try {
            return Json.read(body);
        } catch (JsonException e) {
            throw new RefusedException(Refusal.of(Refusal.Kind.MALFORMED_JSON, e.getMessage()));
        }
    }

    @Override
    public byte[] body() {
        return body.clone();
    }

    @Override
    public String target() {
        var request = exchange.request();
        var query = Optional.ofNullable(request.getQueryString()).map(text -> "?" + text);
        return request.getMethod() + " " + exchange.rawPath() + query.orElse("");
    }

    @Override
    public boolean hasBody() {
        return body.length > 0;
    }

    @Override
    public String requestId() {
        return exchange.requestId();
    }

    /// The parameters of a query or a form; of those given twice, the first. Throws
    /// [RefusedException] for percent signs that encode nothing.
    private static Map<String, String> pairs(String encoded) {
        var pairs = new HashMap<String, String>();
        for (var pair : encoded.split("&", -1)) {
            int equals = pair.indexOf('=');
            var name = equals < 0 ? pair : pair.substring(0, equals);
            var value = equals < 0 ? "" : pair.substring(equals + 1);
            pairs.putIfAbsent(decoded(name), decoded(value));
        }
        return pairs;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(
                    Refusal.of(Refusal.Kind.INVALID, "the query or form is not properly encoded"));
        }
    }
}
