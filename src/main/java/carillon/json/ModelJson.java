package carillon.json;

import static java.util.Objects.requireNonNull;

import carillon.ai.Defaults;
import carillon.ai.Endpoint;
import carillon.ai.Limits;
import carillon.ai.Model;
import carillon.ai.ModelCodec;
import carillon.ai.Prices;
import carillon.ai.Provider;
import carillon.ai.Terms;
import carillon.json.ReadContext.Form;
import carillon.schedule.DurationText;
import carillon.secret.Seal;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A model in native JSON: `{name, provider, model, base_url, api_key, defaults, prices, quotas,
/// fallbacks, timeout}`. What people send is checked; what a store keeps was checked once.
public final class ModelJson {
    /// How a model is asked, beside where: what `/config` shows and takes.
    public static final Set<String> CONFIG =
            Set.of("defaults", "prices", "quotas", "fallbacks", "timeout");

    private static final int MAX_NAME_LENGTH = 200;
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._:@-]*";
    private static final int MAX_KEY_LENGTH = 8192;
    private static final int MAX_SYSTEM_LENGTH = 100_000;
    private static final int MAX_FALLBACKS = 10;
    private static final Duration MAX_TIMEOUT = Duration.ofHours(24);

    private final Fields fields;
    private final Optional<Model> previous;

    private ModelJson(Fields fields, Optional<Model> previous) {
        this.fields = fields;
        this.previous = previous;
    }

    /// Reads a whole model: what is left out has its default. A masked key stands for that of
    /// `previous`, as long as the host is the same; `readOnly` are names that may stand beside the
    /// model's own. Empty exactly when something was added to `problems`.
    public static Optional<Model> read(
            JsonNode node, Optional<Model> previous, Set<String> readOnly, Problems problems) {
        int before = problems.count();
        return Fields.of(node, "", problems)
                .flatMap(
                        fields -> {
                            fields.allow(readOnly);
                            return new ModelJson(fields, previous).read();
                        })
                .filter(_ -> problems.count() == before);
    }

    /// Reads a model of the configuration, which stands at `path`: one that is asked where the
    /// administrator says. Empty exactly when something was added to `problems`.
    public static Optional<Model> configured(JsonNode node, String path, Problems problems) {
        int before = problems.count();
        return Fields.of(node, path, problems)
                .flatMap(fields -> new ModelJson(fields, Optional.empty()).read())
                .map(Model::ofAdministrator)
                .filter(_ -> problems.count() == before);
    }

    /// Reads `{input, output}`; empty exactly when something was added to the problems.
    public static Optional<Prices> readPrices(Fields fields) {
        int before = fields.problems().count();
        return prices(fields).filter(_ -> fields.problems().count() == before);
    }

    private Optional<Model> read() {
        int before = fields.problems().count();
        var name = name();
        if (!fields.has("provider")) {
            fields.problem("provider", "is required: echo, openai, anthropic or gemini");
        }
        var provider = fields.word("provider", Provider.class);
        var model = fields.text("model", MAX_NAME_LENGTH).filter(text -> !text.isBlank());
        var url = url();
        var key = fields.text("api_key", MAX_KEY_LENGTH);
        var defaults = fields.object("defaults").map(ModelJson::defaults).orElse(Defaults.NONE);
        var prices = fields.object("prices").flatMap(ModelJson::prices);
        var limits = fields.object("quotas").map(ModelJson::limits).orElse(Limits.NONE);
        var fallbacks = fallbacks();
        var timeout = timeout();
        fields.done();
        if (name.isEmpty() || provider.isEmpty() || fields.problems().count() > before) {
            return Optional.empty();
        }
        var endpoint = endpoint(provider.get(), url, key);
        if (fields.problems().count() > before) {
            return Optional.empty();
        }
        return Optional.of(
                new Model(
                        name.get(),
                        provider.get(),
                        model.orElse(name.get()),
                        endpoint,
                        defaults,
                        new Terms(
                                provider.get() == Provider.ECHO ? Optional.of(Prices.FREE) : prices,
                                limits),
                        fallbacks,
                        timeout));
    }

    private Optional<String> name() {
        var name = fields.requiredText("name", MAX_NAME_LENGTH);
        if (name.isPresent() && (!name.get().matches(NAME) || name.get().matches("[0-9]+"))) {
            fields.problem("name", "must be letters, digits and . _ : @ -, and more than a number");
        }
        if (previous.isPresent() && !name.equals(previous.map(Model::name))) {
            fields.problem("name", "cannot change: tasks know the model by it");
        }
        return name;
    }

    private Optional<URI> url() {
        var text = fields.text("base_url", HttpRules.MAX_URL_LENGTH);
        var fault = text.flatMap(HttpRules::urlFault);
        fault.ifPresent(message -> fields.problem("base_url", message));
        var url = fault.isPresent() ? Optional.<URI>empty() : text.map(URI::create);
        url.filter(to -> to.getUserInfo() != null || to.getQuery() != null)
                .ifPresent(_ -> fields.problem("base_url", "must have no user and no query"));
        return url;
    }

    private Optional<Endpoint> endpoint(
            Provider provider, Optional<URI> url, Optional<String> sentKey) {
        var base = url.or(provider::baseUrl);
        if (provider == Provider.ECHO) {
            url.ifPresent(_ -> fields.problem("base_url", "is not for echo, which calls nobody"));
            sentKey.ifPresent(_ -> fields.problem("api_key", "is not for echo"));
            return Optional.empty();
        }
        var key = sentKey.flatMap(sent -> key(sent, base.orElseThrow()));
        return base.map(to -> new Endpoint(to, key, Endpoint.Source.CALLER));
    }

    private Optional<String> key(String sent, URI url) {
        if (!sent.equals(Secrets.MASK)) {
            var fault =
                    sent.isBlank()
                            ? Optional.of("must not be blank")
                            : HttpRules.headerValueFault(sent);
            fault.ifPresent(message -> fields.problem("api_key", message));
            return Optional.of(sent);
        }
        var stored = previous.flatMap(Model::endpoint);
        var kept = stored.flatMap(Endpoint::apiKey);
        if (kept.isEmpty()) {
            fields.problem("api_key", "there is no stored secret that '***' could stand for");
        } else if (!HttpRules.isSameServer(stored.orElseThrow().baseUrl(), url)) {
            fields.problem("api_key", "send the secret again: the host changes");
        }
        return kept;
    }

    private static Defaults defaults(Fields sent) {
        var defaults =
                new Defaults(
                        sent.number("temperature", 0, Defaults.MAX_TEMPERATURE),
                        sent.number("top_p", 0, 1),
                        sent.integer("max_tokens", 1, Defaults.MAX_TOKENS),
                        sent.text("system", MAX_SYSTEM_LENGTH).filter(text -> !text.isBlank()));
        sent.done();
        return defaults;
    }

    private static Optional<Prices> prices(Fields sent) {
        var input = price(sent, "input");
        var output = price(sent, "output");
        sent.done();
        return input.flatMap(in -> output.map(out -> new Prices(in, out)));
    }

    private static Optional<BigDecimal> price(Fields sent, String name) {
        if (!sent.has(name)) {
            sent.problem(name, "is required, in dollars for a million tokens");
        }
        return sent.number(name, 0, Prices.MAX.doubleValue()).isPresent()
                ? sent.raw(name).map(JsonNode::decimalValue)
                : Optional.empty();
    }

    private static Limits limits(Fields sent) {
        var limits =
                new Limits(
                        sent.wholeNumber("requests_per_minute", 1, Limits.MAX),
                        sent.wholeNumber("tokens_per_minute", 1, Limits.MAX),
                        sent.wholeNumber("concurrent", 1, Limits.MAX));
        sent.done();
        return limits;
    }

    private List<String> fallbacks() {
        var items = fields.array("fallbacks", MAX_FALLBACKS).orElse(List.of());
        var names = new ArrayList<String>();
        for (int i = 0; i < items.size(); i++) {
            var text = items.get(i).asText();
            if (items.get(i).isTextual() && !text.isBlank() && text.length() <= MAX_NAME_LENGTH) {
                names.add(text);
            } else {
                fields.problem("fallbacks[" + i + "]", "must be the name of a model");
            }
        }
        return names;
    }

    private Duration timeout() {
        var timeout = fields.duration("timeout").orElse(Model.DEFAULT_TIMEOUT);
        if (!timeout.isPositive() || timeout.compareTo(MAX_TIMEOUT) > 0) {
            fields.problem("timeout", "must be above 0 and at most 1d");
            return Model.DEFAULT_TIMEOUT;
        }
        return timeout;
    }

    /// The form shown to people: the key masked.
    public static ObjectNode shown(Model model) {
        return write(model, Form.SHOWN);
    }

    private static ObjectNode write(Model model, Form form) {
        var out =
                Json.object()
                        .put("name", model.name())
                        .put("provider", Fields.word(model.provider()))
                        .put("model", model.model());
        var endpoint = model.endpoint();
        out.put("base_url", endpoint.map(at -> at.baseUrl().toString()).orElse(null));
        out.put(
                "api_key",
                endpoint.flatMap(Endpoint::apiKey)
                        .map(key -> form == Form.SHOWN ? Secrets.MASK : key)
                        .orElse(null));
        var defaults = out.putObject("defaults");
        model.defaults().temperature().ifPresent(value -> defaults.put("temperature", value));
        model.defaults().topP().ifPresent(value -> defaults.put("top_p", value));
        model.defaults().maxTokens().ifPresent(value -> defaults.put("max_tokens", value));
        model.defaults().system().ifPresent(text -> defaults.put("system", text));
        out.putNull("prices");
        model.prices()
                .ifPresent(
                        prices ->
                                out.putObject("prices")
                                        .put("input", prices.input())
                                        .put("output", prices.output()));
        var quotas = out.putObject("quotas");
        var limits = model.terms().limits();
        limits.requestsPerMinute().ifPresent(max -> quotas.put("requests_per_minute", max));
        limits.tokensPerMinute().ifPresent(max -> quotas.put("tokens_per_minute", max));
        limits.concurrent().ifPresent(max -> quotas.put("concurrent", max));
        var fallbacks = out.putArray("fallbacks");
        model.fallbacks().forEach(fallbacks::add);
        return out.put("timeout", DurationText.write(model.timeout()));
    }

    /// The form that stores keep, keys readable in it.
    public static ModelCodec codec() {
        return codec(Seal.NONE);
    }

    /// The form that stores keep: the whole of a model that has a key is sealed. Reading throws
    /// [JsonException] for a text that it did not write.
    public static ModelCodec codec(Seal seal) {
        return new Stored(seal);
    }

    private static final class Stored implements ModelCodec {
        private final Seal seal;

        private Stored(Seal seal) {
            this.seal = requireNonNull(seal, "seal");
        }

        private static String row(String name) {
            return "model " + name;
        }

        @Override
        public String write(Model model) {
            var text = Json.write(ModelJson.write(model, Form.STORED));
            boolean hides = !text.equals(Json.write(shown(model)));
            return hides ? seal.seal(text, row(model.name())) : text;
        }

        @Override
        public Model read(String name, String text) {
            var problems = new Problems();
            var open = Json.read(seal.open(text, row(name)));
            return ModelJson.read(open, Optional.empty(), Set.of(), problems)
                    .orElseThrow(() -> new JsonException("a stored model: " + problems, 0, 0));
        }
    }
}
