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
    private final String caller;

    ServletCall(Exchange exchange, Map<String, String> parameters, byte[] body, Principal caller) {
        this.exchange = exchange;
        this.parameters = parameters;
        this.queries = queries(Optional.ofNullable(exchange.request().getQueryString()));
        this.body = body;
        this.caller = caller.name();
    }

    @Override
    public String caller() {
        return caller;
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

    /// The query's parameters; of those given twice, the first. Throws [RefusedException] for
    /// percent signs that encode nothing.
    private static Map<String, String> queries(Optional<String> rawQuery) {
        var queries = new HashMap<String, String>();
        for (var pair : rawQuery.orElse("").split("&", -1)) {
            int equals = pair.indexOf('=');
            var name = equals < 0 ? pair : pair.substring(0, equals);
            var value = equals < 0 ? "" : pair.substring(equals + 1);
            queries.putIfAbsent(decoded(name), decoded(value));
        }
        return queries;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(
                    Refusal.of(Refusal.Kind.INVALID, "the query is not properly encoded"));
        }
    }
}
