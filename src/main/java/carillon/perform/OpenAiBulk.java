package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.action.Conversation;
import carillon.ai.Endpoint;
import carillon.ai.Model;
import carillon.ai.Provider;
import carillon.ai.Reply;
import carillon.batch.Bulk;
import carillon.batch.Row;
import carillon.budget.Cashier;
import carillon.egress.BodyReader;
import carillon.egress.Egress;
import carillon.egress.EgressReply;
import carillon.egress.EgressRequest;
import carillon.egress.FileForm;
import carillon.json.Json;
import carillon.json.JsonException;
import carillon.task.RetryOn;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// OpenAI's Batch API, as <https://platform.openai.com/docs/guides/batch> describes it, and every
/// server that speaks it: a file of questions is uploaded, a batch made of it, and files of results
/// downloaded. A server that does not speak it refuses the file, and is asked row by row.
public final class OpenAiBulk implements Bulk {
    /// A day is the only window that there is.
    private static final String WINDOW = "24h";

    private static final String MARK = "carillon";
    private static final String QUESTIONS = "/v1/chat/completions";
    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofSeconds(30);
    private static final long MAX_RESULTS = 1L << 30;
    private static final int MAX_PAGES = 20;
    private static final int LOST = 404;

    /// Refusals that are the same next time: what was sent, the key, or a server that does not
    /// speak this.
    private static final Set<Integer> FOR_GOOD =
            Set.of(400, 401, 403, 404, 405, 413, 415, 422, 501);

    private static final Logger log = System.getLogger(OpenAiBulk.class.getName());

    private final Ways ways;
    private final RowQuestions.Meter meter;
    private final Habits habits;
    private final InstantSource time;
    private final Map<String, Cashier.Receipt> receipts = new ConcurrentHashMap<>();

    public OpenAiBulk(Ways ways, Habits habits, InstantSource time) {
        this(ways, RowQuestions.Meter.NONE, habits, time);
    }

    OpenAiBulk(Ways ways, RowQuestions.Meter meter, Habits habits, InstantSource time) {
        this.ways = requireNonNull(ways, "ways");
        this.meter = requireNonNull(meter, "meter");
        this.habits = requireNonNull(habits, "habits");
        this.time = requireNonNull(time, "time");
    }

    @Override
    public boolean takes(Model model) {
        return model.provider() == Provider.OPENAI;
    }

    @Override
    public Model priced(Model model) {
        return model.inBulk();
    }

    @Override
    public boolean reserve(Model model, Row row, String name) {
        var question = Conversation.of(row.wording().question());
        return switch (meter.open(row.over(model), question.text())) {
            case RowQuestions.Till.Closed _ -> false;
            case RowQuestions.Till.Paid(var receipt) -> {
                if (!receipt.equals(Cashier.Receipt.OF_NOTHING)) {
                    receipts.put(name, receipt);
                }
                yield true;
            }
        };
    }

    @Override
    public String line(Model model, Row row, String name) {
        var question = Conversation.of(row.wording().question());
        var body = ChatClients.body(row.over(model), question, endpoint(model));
        var line = Json.object().put("custom_id", name).put("method", "POST").put("url", QUESTIONS);
        line.set("body", Json.read(body));
        return Json.write(line);
    }

    @Override
    public Handed handIn(Model model, Path lines, String mark) throws InterruptedException {
        FileForm form;
        try {
            var purpose = Map.of("purpose", "batch");
            form = FileForm.of(lines, mark + ".jsonl", "application/jsonl", purpose);
        } catch (IOException e) {
            return new Handed.Unknown("the questions could not be read: " + e);
        }
        var uploaded = send(model, "POST", "/files", Optional.of(form));
        var file = id(uploaded);
        if (file.isEmpty()) {
            return refused(model, uploaded);
        }
        var wanted = Json.object();
        wanted.put("input_file_id", file.get()).put("endpoint", QUESTIONS);
        wanted.put("completion_window", WINDOW).putObject("metadata").put(MARK, mark);
        var made = send(model, "POST", "/batches", Optional.of(json(wanted)));
        return id(made).<Handed>map(Handed.In::new).orElseGet(() -> refused(model, made));
    }

    private static FileForm json(JsonNode json) {
        return new FileForm(Json.write(json), "application/json");
    }

    @Override
    public Handed find(Model model, String mark) throws InterruptedException {
        var after = "";
        for (int page = 0; page < MAX_PAGES; page++) {
            var reply = send(model, "GET", "/batches?limit=100" + after, Optional.empty());
            var listed = good(reply);
            if (listed.isEmpty()) {
                return refused(model, reply);
            }
            var last = "";
            for (var batch : listed.get().path("data")) {
                last = batch.path("id").asText();
                if (batch.path("metadata").path(MARK).asText().equals(mark)) {
                    return new Handed.In(last);
                }
            }
            if (last.isEmpty() || !listed.get().path("has_more").asBoolean()) {
                break;
            }
            after = "&after=" + URLEncoder.encode(last, StandardCharsets.UTF_8);
        }
        return new Handed.Refused("it is not among the newest batches");
    }

    @Override
    public Look look(Model model, String id) throws InterruptedException {
        var reply = send(model, "GET", "/batches/" + id, Optional.empty());
        var batch = good(reply);
        if (batch.isEmpty()) {
            var lost = reply instanceof EgressReply.Answer answer && answer.status() == LOST;
            var reason = reason(model, reply);
            return new Look(lost ? Look.State.FAILED : Look.State.UNKNOWN, List.of(), reason);
        }
        return switch (batch.get().path("status").asText()) {
            case "completed", "expired", "cancelled" ->
                    new Look(Look.State.ENDED, results(batch.get()), "");
            case "failed" -> failed(batch.get().path("errors").path("data"));
            default -> new Look(Look.State.WORKING, List.of(), "");
        };
    }

    private static List<String> results(JsonNode batch) {
        var results = new ArrayList<String>();
        for (var name : List.of("output_file_id", "error_file_id")) {
            if (batch.path(name).isTextual()) {
                results.add(batch.path(name).asText());
            }
        }
        return results;
    }

    private static Look failed(JsonNode errors) {
        var codes = errors.findValuesAsText("code");
        var state = codes.contains("token_limit_exceeded") ? Look.State.CROWDED : Look.State.FAILED;
        return new Look(state, List.of(), String.join("; ", errors.findValuesAsText("message")));
    }

    @Override
    public void recall(Model model, String id) throws InterruptedException {
        var nothing = Optional.of(json(Json.object()));
        var reply = send(model, "POST", "/batches/" + id + "/cancel", nothing);
        if (good(reply).isEmpty()) {
            log.log(Level.WARNING, "batch {0} was not cancelled: {1}", id, reason(model, reply));
        }
    }

    @Override
    public boolean fetch(Model model, String result, Path into)
            throws IOException, InterruptedException {
        var request = request(model, "GET", "/files/" + result + "/content", Optional.empty());
        var reply = ways.to(endpoint(model)).send(request, new ToFile(into));
        if (reply instanceof EgressReply.Answer answer
                && isGood(answer.status())
                && !answer.cut()) {
            return true;
        }
        log.log(Level.WARNING, "file {0} was not fetched: {1}", result, reason(model, reply));
        return false;
    }

    /// Appends a body to a file.
    private record ToFile(Path file) implements BodyReader {
        @Override
        public boolean reads(int status, String contentType) {
            return isGood(status);
        }

        @Override
        public long most() {
            return MAX_RESULTS;
        }

        @Override
        public void read(InputStream body) throws IOException {
            try (var out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
                body.transferTo(out);
                out.write('\n');
            }
        }
    }

    @Override
    public Optional<Said> read(Model model, String line) {
        JsonNode json;
        try {
            json = Json.read(line);
        } catch (JsonException _) {
            return Optional.empty();
        }
        var response = json.path("response");
        var name = json.path("custom_id").asText();
        if (!isGood(response.path("status_code").asInt())) {
            var error = json.path("error").path("message").asText();
            return Optional.of(new Said(name, Reply.Failure.of(error, RetryOn.OTHER)));
        }
        var reply = ChatClients.read(model, endpoint(model), Json.write(response.path("body")));
        return Optional.of(new Said(name, reply));
    }

    @Override
    public void told(Model model, String name, Reply reply) {
        Optional.ofNullable(receipts.remove(name)).ifPresent(receipt -> receipt.settle(reply));
        boolean asked = !(reply instanceof Reply.Failure failure) || failure.mayHaveCost();
        if (asked) {
            meter.asked(model, reply);
        }
    }

    @Override
    public Habits habits() {
        return habits;
    }

    /// What is still out is booked as spent.
    @Override
    public void close() {
        receipts.values().forEach(Cashier.Receipt::close);
        receipts.clear();
    }

    /// A refusal that would be the same next time, or something that may pass.
    private Handed refused(Model model, EgressReply reply) {
        boolean forGood =
                reply instanceof EgressReply.Refused
                        || (reply instanceof EgressReply.Answer answer
                                && FOR_GOOD.contains(answer.status()));
        var reason = reason(model, reply);
        return forGood ? new Handed.Refused(reason) : new Handed.Unknown(reason);
    }

    private String reason(Model model, EgressReply reply) {
        return ChatFaults.failure(Optional.of(reply), endpoint(model), time.instant()).reason();
    }

    private static Endpoint endpoint(Model model) {
        return model.endpoint().orElseThrow();
    }

    private static boolean isGood(int status) {
        return status >= 200 && status <= 299;
    }

    /// The JSON of a good answer.
    private static Optional<JsonNode> good(EgressReply reply) {
        if (!(reply instanceof EgressReply.Answer answer) || !isGood(answer.status())) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.read(answer.body()));
        } catch (JsonException _) {
            return Optional.empty();
        }
    }

    private static Optional<String> id(EgressReply reply) {
        return good(reply).map(json -> json.path("id").asText()).filter(id -> !id.isEmpty());
    }

    private EgressReply send(Model model, String method, String path, Optional<FileForm> form)
            throws InterruptedException {
        return ways.to(endpoint(model)).send(request(model, method, path, form));
    }

    private static EgressRequest request(
            Model model, String method, String path, Optional<FileForm> form) {
        var endpoint = endpoint(model);
        var headers = new LinkedHashMap<String, String>();
        endpoint.apiKey().ifPresent(key -> headers.put("Authorization", "Bearer " + key));
        form.ifPresent(sent -> headers.put("Content-Type", sent.contentType()));
        return new EgressRequest(
                method,
                URI.create(endpoint.baseUrl() + path),
                headers,
                form.map(FileForm::body),
                path.startsWith("/files") ? TIMEOUT : SHORT,
                Egress.MAX_READ);
    }
}
