package carillon.json;

import carillon.action.Action;
import carillon.action.HttpAuth;
import carillon.action.HttpAuth.ApiKey;
import carillon.action.HttpAuth.Basic;
import carillon.action.HttpAuth.Bearer;
import carillon.action.HttpCall;
import carillon.json.ReadContext.Form;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// `{"http":{url, method, headers, body, auth, success_codes, secret}}`. A body that is no string
/// is sent as the text of that JSON value.
final class HttpCallJson {
    private static final int MAX_SECRET_LENGTH = 8192;
    private static final int MIN_STATUS = 100;
    private static final int MAX_STATUS = 599;

    private enum AuthType {
        BASIC,
        BEARER,
        API_KEY
    }

    private final Fields fields;
    private final ReadContext context;
    private final Optional<HttpCall> previous;
    private boolean movedAway;

    private HttpCallJson(Fields fields, ReadContext context) {
        this.fields = fields;
        this.context = context;
        this.previous = context.previous().flatMap(old -> httpCall(old.action()));
    }

    private static Optional<HttpCall> httpCall(Action action) {
        return action instanceof HttpCall call ? Optional.of(call) : Optional.empty();
    }

    static Optional<Action> read(Fields fields, ReadContext context) {
        return new HttpCallJson(fields, context).read();
    }

    private Optional<Action> read() {
        var url = url();
        var method = method();
        var headers = headers();
        var body = fields.raw("body").map(HttpCallJson::bodyText);
        var auth = fields.object("auth").flatMap(this::auth);
        var codes = successCodes();
        var secret = secret();
        fields.done();
        return url.map(to -> new HttpCall(to, method, headers, body, auth, codes, secret));
    }

    private Optional<URI> url() {
        var text = fields.requiredText("url", Integer.MAX_VALUE);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!context.isShown()) {
            return text.map(URI::create);
        }
        var fault = HttpRules.urlFault(text.get());
        if (fault.isPresent()) {
            fields.problem("url", fault.get());
            return Optional.empty();
        }
        var url = URI.create(text.get());
        movedAway = previous.isPresent() && !HttpRules.isSameServer(previous.get().url(), url);
        var user = url.getRawUserInfo();
        if (user == null || !user.contains(Secrets.MASK)) {
            return Optional.of(url);
        }
        var stored = previous.flatMap(call -> Optional.ofNullable(call.url().getRawUserInfo()));
        return unmask("url", Secrets.MASK, stored).map(kept -> withUser(url, kept));
    }

    /// Puts in the place of the user of `url`, which has one, another.
    private static URI withUser(URI url, String user) {
        var text = url.toString();
        int start = text.indexOf("//") + 2;
        return URI.create(
                text.substring(0, start) + user + text.substring(text.indexOf('@', start)));
    }

    private String method() {
        var method = fields.text("method", 100).orElse("GET");
        var upper = context.isShown() ? method.toUpperCase(Locale.ROOT) : method;
        if (context.isShown()) {
            HttpRules.methodFault(upper).ifPresent(fault -> fields.problem("method", fault));
        }
        return upper;
    }

    private Map<String, String> headers() {
        if (!context.isShown()) {
            return fields.texts("headers", Integer.MAX_VALUE, Integer.MAX_VALUE).orElse(Map.of());
        }
        var sent =
                fields.texts("headers", HttpRules.MAX_HEADERS, HttpRules.MAX_HEADER_LENGTH)
                        .orElse(Map.of());
        var stored = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        previous.ifPresent(call -> stored.putAll(call.headers()));
        var headers = new LinkedHashMap<String, String>();
        var seen = new HashSet<String>();
        sent.forEach(
                (name, value) -> {
                    var field = "headers." + name;
                    var fault = HttpRules.headerNameFault(name);
                    if (fault.isEmpty() && !seen.add(name.toLowerCase(Locale.ROOT))) {
                        fault = Optional.of("is given twice");
                    }
                    if (fault.isEmpty()) {
                        fault = HttpRules.headerValueFault(value);
                    }
                    fault.ifPresent(message -> fields.problem(field, message));
                    if (Secrets.isCredentialHeader(name)) {
                        unmask(field, value, Optional.ofNullable(stored.get(name)))
                                .ifPresent(clear -> headers.put(name, clear));
                    } else {
                        headers.put(name, value);
                    }
                });
        return headers;
    }

    private static String bodyText(JsonNode body) {
        return body.isTextual() ? body.textValue() : Json.write(body);
    }

    private Optional<HttpAuth> auth(Fields auth) {
        var type = auth.word("type", AuthType.class);
        if (type.isEmpty()) {
            if (!auth.has("type")) {
                auth.problem("type", "is required: basic, bearer or api_key");
            }
            return Optional.empty();
        }
        var stored = previous.flatMap(HttpCall::auth);
        var read =
                switch (type.get()) {
                    case BASIC -> basic(auth, stored);
                    case BEARER -> bearer(auth, stored);
                    case API_KEY -> apiKey(auth, stored);
                };
        auth.done();
        return read;
    }

    private Optional<HttpAuth> basic(Fields auth, Optional<HttpAuth> stored) {
        var name = auth.text("username", MAX_SECRET_LENGTH).orElse("");
        if (context.isShown() && name.contains(":")) {
            auth.problem("username", "must not contain a colon");
        }
        var password = auth.text("password", MAX_SECRET_LENGTH).orElse("");
        var kept = stored.flatMap(a -> a instanceof Basic b ? Optional.of(b.password()) : empty());
        return unmask("auth.password", password, kept).map(clear -> new Basic(name, clear));
    }

    private Optional<HttpAuth> bearer(Fields auth, Optional<HttpAuth> stored) {
        var kept = stored.flatMap(a -> a instanceof Bearer b ? Optional.of(b.token()) : empty());
        return credential(auth, "token")
                .flatMap(token -> unmask("auth.token", token, kept))
                .map(Bearer::new);
    }

    private Optional<HttpAuth> apiKey(Fields auth, Optional<HttpAuth> stored) {
        var header = auth.text("header", HttpRules.MAX_HEADER_LENGTH).orElse(ApiKey.DEFAULT_HEADER);
        if (context.isShown()) {
            HttpRules.headerNameFault(header).ifPresent(fault -> auth.problem("header", fault));
        }
        var kept = stored.flatMap(a -> a instanceof ApiKey k ? Optional.of(k.key()) : empty());
        return credential(auth, "api_key")
                .flatMap(key -> unmask("auth.api_key", key, kept))
                .map(key -> new ApiKey(key, header));
    }

    private static Optional<String> empty() {
        return Optional.empty();
    }

    /// A credential that goes into a header as it is.
    private Optional<String> credential(Fields auth, String name) {
        if (!context.isShown()) {
            return Optional.of(auth.text(name, Integer.MAX_VALUE).orElse(""));
        }
        var value = auth.requiredText(name, MAX_SECRET_LENGTH);
        value.flatMap(HttpRules::headerValueFault).ifPresent(fault -> auth.problem(name, fault));
        return value;
    }

    private Optional<String> secret() {
        var sent = fields.text("secret", MAX_SECRET_LENGTH);
        if (context.isShown()) {
            sent.flatMap(HttpRules::secretFault)
                    .ifPresent(fault -> fields.problem("secret", fault));
        }
        return sent.flatMap(text -> unmask("secret", text, previous.flatMap(HttpCall::secret)));
    }

    /// What is meant by a secret that was sent: itself, or for the mask the stored one, which goes
    /// to no other server than the one that it was given for.
    private Optional<String> unmask(String field, String sent, Optional<String> stored) {
        if (!context.isShown() || !sent.equals(Secrets.MASK)) {
            return Optional.of(sent);
        }
        if (stored.isEmpty()) {
            fields.problem(field, "there is no stored secret that '***' could stand for");
            return Optional.empty();
        }
        if (movedAway) {
            fields.problem(field, "send the secret again: the host changes");
            return Optional.empty();
        }
        return stored;
    }

    private Set<Integer> successCodes() {
        var items = fields.array("success_codes", MAX_STATUS).orElse(List.of());
        var codes = new HashSet<Integer>();
        for (int i = 0; i < items.size(); i++) {
            var range = statusRange(items.get(i));
            if (range.isEmpty()) {
                fields.problem(
                        "success_codes[" + i + "]",
                        "must be a status code from 100 to 599 or a range such as \"200-299\"");
            }
            codes.addAll(range);
        }
        return codes;
    }

    /// The codes that an item names; none when it is neither a code nor a range.
    private static List<Integer> statusRange(JsonNode item) {
        if (item.isIntegralNumber() && item.canConvertToInt()) {
            return statusRange(item.intValue(), item.intValue());
        }
        if (item.isTextual() && item.textValue().matches("\\d{3}(-\\d{3})?")) {
            var ends = item.textValue().split("-", -1);
            return statusRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
        }
        return List.of();
    }

    private static List<Integer> statusRange(int first, int last) {
        return first < MIN_STATUS || last > MAX_STATUS
                ? List.of()
                : IntStream.rangeClosed(first, last).boxed().toList();
    }

    static ObjectNode write(HttpCall call, Form form) {
        var out = Json.object().put("url", url(call.url(), form)).put("method", call.method());
        var headers = out.putObject("headers");
        call.headers()
                .forEach(
                        (name, value) ->
                                headers.put(
                                        name,
                                        Secrets.isCredentialHeader(name)
                                                ? masked(value, form)
                                                : value));
        call.body()
                .ifPresentOrElse(
                        body -> out.set("body", body(body, form)), () -> out.putNull("body"));
        call.auth()
                .ifPresentOrElse(
                        auth -> out.set("auth", auth(auth, form)), () -> out.putNull("auth"));
        var codes = out.putArray("success_codes");
        call.successCodes().stream().sorted().forEach(codes::add);
        call.secret()
                .ifPresentOrElse(
                        secret -> out.put("secret", masked(secret, form)),
                        () -> out.putNull("secret"));
        return out;
    }

    private static String url(URI url, Form form) {
        return form == Form.STORED || url.getRawUserInfo() == null
                ? url.toString()
                : withUser(url, Secrets.MASK).toString();
    }

    /// The one place where a secret is written.
    private static String masked(String secret, Form form) {
        return switch (form) {
            case SHOWN -> Secrets.MASK;
            case STORED -> secret;
        };
    }

    /// In front of people a body that is the text of a JSON object or array stands as that.
    private static JsonNode body(String body, Form form) {
        if (form == Form.SHOWN && (body.startsWith("{") || body.startsWith("["))) {
            try {
                var value = Json.read(body);
                if (Json.write(value).equals(body)) {
                    return value;
                }
            } catch (JsonException _) {
                // A text that only looks like JSON is shown as text.
            }
        }
        return Json.object().textNode(body);
    }

    private static ObjectNode auth(HttpAuth auth, Form form) {
        return switch (auth) {
            case Basic(var username, var password) ->
                    auth(AuthType.BASIC)
                            .put("username", username)
                            .put("password", masked(password, form));
            case Bearer(var token) -> auth(AuthType.BEARER).put("token", masked(token, form));
            case ApiKey(var key, var header) ->
                    auth(AuthType.API_KEY).put("api_key", masked(key, form)).put("header", header);
        };
    }

    private static ObjectNode auth(AuthType type) {
        return Json.object().put("type", Fields.word(type));
    }
}
