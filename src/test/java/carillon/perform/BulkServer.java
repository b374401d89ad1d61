package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Pattern;

/// A provider on loopback that takes questions one by one and in bulk, as OpenAI's Batch API has
/// it. All that it does is in the hands of the test.
public final class BulkServer implements AutoCloseable {
    /// What becomes of a question that was handed in with others.
    public enum Fate {
        ANSWERED,
        /// Twice in the results, with other texts.
        ANSWERED_TWICE,
        FAILED,
        /// Until the batch expires or is cancelled.
        LEFT
    }

    private final HttpServer server;
    private final Map<String, String> files = new LinkedHashMap<>();
    private final Map<String, ObjectNode> batches = new LinkedHashMap<>();
    private final List<String> direct = new ArrayList<>();
    private volatile Function<String, Fate> fate = _ -> Fate.ANSWERED;
    private volatile boolean speaks = true;
    private volatile boolean expires;
    private volatile int slow;
    private final AtomicInteger losesAnswers = new AtomicInteger();
    private final AtomicInteger crowded = new AtomicInteger();
    private volatile Function<String, Integer> directStatus = _ -> 200;

    public BulkServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    /// By the text of the question.
    public BulkServer fate(Function<String, Fate> wanted) {
        fate = wanted;
        return this;
    }

    BulkServer speaks(boolean wanted) {
        speaks = wanted;
        return this;
    }

    /// Batches that are not done expire, instead of being worked on for ever.
    BulkServer expires() {
        expires = true;
        return this;
    }

    /// How often each batch is looked at before it is done.
    public BulkServer slow(int looks) {
        slow = looks;
        return this;
    }

    /// The answers to so many makings of batches are lost.
    BulkServer losesAnswers(int times) {
        losesAnswers.set(times);
        return this;
    }

    /// So many batches are refused since there are too many tokens.
    BulkServer crowded(int times) {
        crowded.set(times);
        return this;
    }

    BulkServer directStatus(Function<String, Integer> wanted) {
        directStatus = wanted;
        return this;
    }

    /// The questions that were asked one by one.
    public synchronized List<String> direct() {
        return List.copyOf(direct);
    }

    public synchronized List<ObjectNode> batches() {
        return List.copyOf(batches.values());
    }

    private record Told(int status, String body) {
        private static Told of(JsonNode json) {
            return new Told(200, Json.write(json));
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var told = answer(exchange, sent);
            var body = told.body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(told.status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private synchronized Told answer(HttpExchange exchange, String sent) {
        var path = exchange.getRequestURI().getPath().substring("/v1".length());
        if (path.equals("/chat/completions")) {
            return direct(Json.read(sent));
        }
        if (!speaks) {
            return new Told(404, "{\"error\":{\"message\":\"no such page\"}}");
        }
        var parts = path.substring(1).split("/", -1);
        boolean makes = exchange.getRequestMethod().equals("POST");
        return switch (parts[0] + parts.length + (makes ? "+" : "")) {
            case "files1+" -> upload(sent, exchange.getRequestHeaders().getFirst("Content-Type"));
            case "files3" -> new Told(200, file(parts[1]));
            case "batches1+" -> make(Json.read(sent));
            case "batches1" -> list();
            case "batches2" -> Told.of(looked(parts[1]));
            case "batches3+" -> cancel(parts[1]);
            default -> new Told(405, "");
        };
    }

    private Told direct(JsonNode body) {
        var text = question(body);
        direct.add(text);
        int status = directStatus.apply(text);
        return status == 200
                ? Told.of(completion("directly " + text))
                : new Told(status, "{\"error\":{\"message\":\"no\"}}");
    }

    private static String question(JsonNode body) {
        return body.path("messages")
                .path(body.path("messages").size() - 1)
                .path("content")
                .asText();
    }

    private static ObjectNode completion(String text) {
        var answer = Json.object();
        var choice = answer.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", "stop");
        choice.putObject("message").put("role", "assistant").put("content", text);
        answer.putObject("usage")
                .put("prompt_tokens", 1_000)
                .put("completion_tokens", 1_000)
                .put("total_tokens", 2_000);
        return answer;
    }

    private Told upload(String form, String contentType) {
        var border = contentType.replaceFirst(".*boundary=\"?([^\";]+).*", "$1");
        for (var part : form.split("--" + Pattern.quote(border), -1)) {
            if (part.contains("name=\"file\"")) {
                var id = "file-" + files.size();
                files.put(id, part.substring(part.indexOf("\r\n\r\n") + 4));
                return Told.of(Json.object().put("id", id));
            }
        }
        return new Told(400, "");
    }

    private Told make(JsonNode wanted) {
        var id = "batch_" + batches.size();
        var batch = Json.object().put("id", id).put("status", "validating").put("looks", 0);
        batch.set("input_file_id", wanted.path("input_file_id"));
        batch.set("metadata", wanted.path("metadata"));
        batches.put(id, batch);
        if (losesAnswers.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return new Told(500, "");
        }
        return Told.of(batch);
    }

    private Told list() {
        var list = Json.object().put("has_more", false);
        list.putArray("data").addAll(batches.values());
        return Told.of(list);
    }

    private ObjectNode looked(String id) {
        var batch = batch(id);
        batch.put("looks", batch.path("looks").asInt() + 1);
        if (batch.path("status").asText().equals("validating")) {
            boolean refused = crowded.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
            batch.put("status", refused ? "failed" : "in_progress");
            if (refused) {
                batch.putObject("errors")
                        .putArray("data")
                        .addObject()
                        .put("code", "token_limit_exceeded")
                        .put("message", "too much");
            }
        }
        if (batch.path("status").asText().equals("in_progress")
                && batch.path("looks").asInt() > slow) {
            boolean all =
                    questions(batch).values().stream().noneMatch(text -> fate(text) == Fate.LEFT);
            if (all || expires) {
                end(batch, all ? "completed" : "expired");
            }
        }
        return batch;
    }

    private String file(String id) {
        return requireNonNull(files.get(id), id);
    }

    private ObjectNode batch(String id) {
        return requireNonNull(batches.get(id), id);
    }

    private Fate fate(String text) {
        return fate.apply(text);
    }

    private Told cancel(String id) {
        end(batch(id), "cancelled");
        return Told.of(batch(id));
    }

    private Map<String, String> questions(JsonNode batch) {
        var questions = new LinkedHashMap<String, String>();
        file(batch.path("input_file_id").asText())
                .lines()
                .filter(line -> !line.isBlank())
                .map(Json::read)
                .forEach(
                        line ->
                                questions.put(
                                        line.path("custom_id").asText(),
                                        question(line.path("body"))));
        return questions;
    }

    /// Results come in another order than the questions.
    private void end(ObjectNode batch, String status) {
        batch.put("status", status);
        var results = new ArrayList<String>();
        var errors = new ArrayList<String>();
        questions(batch)
                .forEach(
                        (name, text) -> {
                            switch (fate(text)) {
                                case ANSWERED -> results.add(0, good(name, "in bulk " + text));
                                case ANSWERED_TWICE -> {
                                    results.add(0, good(name, "once more " + text));
                                    results.add(0, good(name, "in bulk " + text));
                                }
                                case FAILED -> errors.add(bad(name));
                                case LEFT -> errors.add(left(name));
                            }
                        });
        results.add(good("nobody's", "for nobody"));
        results.add("no JSON");
        put(batch, "output_file_id", results);
        if (!errors.isEmpty()) {
            put(batch, "error_file_id", errors);
        }
    }

    private void put(ObjectNode batch, String name, List<String> lines) {
        var id = "file-" + files.size();
        files.put(id, String.join("\n", lines));
        batch.put(name, id);
    }

    private static String good(String name, String text) {
        var line = Json.object().put("custom_id", name);
        line.putObject("response").put("status_code", 200).set("body", completion(text));
        return Json.write(line.putNull("error"));
    }

    private static String bad(String name) {
        var line = Json.object().put("custom_id", name);
        var response = line.putObject("response").put("status_code", 500);
        response.putObject("body").putObject("error").put("message", "broken");
        return Json.write(line);
    }

    private static String left(String name) {
        var line = Json.object().put("custom_id", name).putNull("response");
        line.putObject("error").put("code", "batch_expired").put("message", "out of time");
        return Json.write(line);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
