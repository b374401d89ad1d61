package carillon.json;

import static java.util.Objects.requireNonNull;

import carillon.outbox.Backoff;
import carillon.processor.MailAddresses;
import carillon.processor.ProcessorSettings;
import carillon.processor.ProcessorTemplate;
import carillon.processor.ProcessorType;
import carillon.processor.SettingsCodec;
import carillon.schedule.DurationText;
import carillon.secret.Seal;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The settings of a type of processors: `{template, retry}`, for mail also `{host, port, from,
/// username, password, starttls}`, for GitHub `{token, base_url}`.
public final class SettingsJson {
    public static final int DEFAULT_MAIL_PORT = 587;
    public static final String GITHUB_URL = "https://api.github.com";

    private static final int MAX_VALUE_LENGTH = 1_024;
    private static final String HOST = "[A-Za-z0-9]([A-Za-z0-9.:-]{0,252}[A-Za-z0-9])?";

    private final Fields fields;
    private final ProcessorSettings previous;

    private SettingsJson(Fields fields, ProcessorSettings previous) {
        this.fields = fields;
        this.previous = previous;
    }

    /// Reads whole settings: what is left out has its default. A masked secret stands for that of
    /// `previous`, as long as the server is the same. Empty exactly when something was added to
    /// `problems`.
    public static Optional<ProcessorSettings> read(
            JsonNode node, ProcessorType type, ProcessorSettings previous, Problems problems) {
        int before = problems.count();
        return Fields.of(node, "", problems)
                .map(fields -> new SettingsJson(fields, previous).read(type))
                .filter(_ -> problems.count() == before);
    }

    private ProcessorSettings read(ProcessorType type) {
        var values =
                switch (type) {
                    case CONSOLE, FILE, WEBHOOK, SLACK, TEAMS -> Map.<String, String>of();
                    case EMAIL -> mail();
                    case GITHUB -> github();
                };
        var template =
                fields.text("template", ProcessorTemplate.MAX_LENGTH)
                        .filter(text -> !text.isEmpty());
        template.flatMap(text -> ProcessorJson.templateFault(type, text))
                .ifPresent(fault -> fields.problem("template", fault));
        var backoff = fields.object("retry").flatMap(SettingsJson::backoff);
        fields.done();
        return new ProcessorSettings(values, template, backoff.orElse(Backoff.DEFAULT));
    }

    private static Optional<Backoff> backoff(Fields retry) {
        var standard = Backoff.DEFAULT;
        int attempts =
                retry.integer("attempts", 1, Backoff.MAX_ATTEMPTS).orElse(standard.attempts());
        var initial = retry.duration("initial").orElse(standard.initial());
        var max = retry.duration("max").orElse(longer(standard.max(), initial));
        retry.done();
        if (!initial.isPositive() || initial.compareTo(Backoff.MAX_AGE) > 0) {
            retry.problem("initial", "must be above 0 and at most 24h");
            return Optional.empty();
        }
        if (max.compareTo(initial) < 0 || max.compareTo(Backoff.MAX_AGE) > 0) {
            retry.problem("max", "must be at least 'initial' and at most 24h");
            return Optional.empty();
        }
        return Optional.of(new Backoff(attempts, initial, max));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /// None at all, or a whole mail server.
    private Map<String, String> mail() {
        var host = text("host");
        var from = text("from");
        var username = text("username");
        var password = text("password");
        var port = fields.integer("port", 1, 65_535);
        var startTls = fields.bool("starttls");
        if (host.isEmpty()) {
            if (from.isPresent() || username.isPresent() || password.isPresent()) {
                fields.problem("host", "is required");
            }
            return Map.of();
        }
        if (!host.get().matches(HOST)) {
            fields.problem("host", "must be a host name or an address");
        }
        if (from.isEmpty()) {
            fields.problem("from", "is required");
        }
        from.flatMap(MailAddresses::oneFault).ifPresent(fault -> fields.problem("from", fault));
        if (username.isPresent() != password.isPresent()) {
            fields.problem(
                    username.isPresent() ? "password" : "username",
                    "is required: a login has both");
        }
        var values = new LinkedHashMap<String, String>();
        values.put("host", host.get());
        values.put("port", Integer.toString(port.orElse(DEFAULT_MAIL_PORT)));
        values.put("starttls", Boolean.toString(startTls.orElse(true)));
        from.ifPresent(text -> values.put("from", text));
        username.ifPresent(text -> values.put("username", text));
        password.flatMap(text -> unmask("password", text, isSameMailServer(values)))
                .ifPresent(text -> values.put("password", text));
        return values;
    }

    private boolean isSameMailServer(Map<String, String> values) {
        return Stream.of("host", "port")
                .allMatch(
                        name ->
                                values.getOrDefault(name, "")
                                        .equalsIgnoreCase(previous.value(name).orElse("")));
    }

    private Map<String, String> github() {
        var token = text("token");
        var url = text("base_url").orElse(GITHUB_URL);
        var fault =
                HttpRules.urlFault(url)
                        .or(
                                () ->
                                        isPlain(URI.create(url))
                                                ? Optional.empty()
                                                : Optional.of("must have no user and no query"));
        fault.ifPresent(message -> fields.problem("base_url", message));
        token.flatMap(HttpRules::headerValueFault)
                .ifPresent(message -> fields.problem("token", message));
        if (fault.isPresent()) {
            return Map.of();
        }
        var values = new LinkedHashMap<String, String>();
        values.put("base_url", url);
        boolean same =
                previous.value("base_url")
                        .filter(old -> HttpRules.isSameServer(URI.create(old), URI.create(url)))
                        .isPresent();
        token.flatMap(text -> unmask("token", text, same))
                .ifPresent(text -> values.put("token", text));
        return values;
    }

    private static boolean isPlain(URI url) {
        return url.getRawUserInfo() == null
                && url.getRawQuery() == null
                && url.getRawFragment() == null;
    }

    /// One line, not blank.
    private Optional<String> text(String name) {
        var text = fields.text(name, MAX_VALUE_LENGTH).filter(value -> !value.isBlank());
        if (text.isPresent() && text.get().chars().anyMatch(Character::isISOControl)) {
            fields.problem(name, "must be one line");
            return Optional.empty();
        }
        return text;
    }

    private Optional<String> unmask(String name, String sent, boolean sameServer) {
        if (!sent.equals(Secrets.MASK)) {
            return Optional.of(sent);
        }
        var kept = previous.value(name);
        if (kept.isEmpty()) {
            fields.problem(name, "there is no stored secret that '***' could stand for");
        } else if (!sameServer) {
            fields.problem(name, "send the secret again: the host changes");
        }
        return kept;
    }

    /// The form shown to people: secrets masked.
    public static ObjectNode shown(ProcessorType type, ProcessorSettings settings) {
        var out = Json.object();
        switch (type) {
            case CONSOLE, FILE, WEBHOOK, SLACK, TEAMS -> {}
            case EMAIL -> {
                out.put("host", settings.value("host").orElse(null));
                out.put(
                        "port",
                        settings.value("port").map(Integer::valueOf).orElse(DEFAULT_MAIL_PORT));
                out.put("from", settings.value("from").orElse(null));
                out.put("username", settings.value("username").orElse(null));
                out.put("password", settings.value("password").map(_ -> Secrets.MASK).orElse(null));
                out.put("starttls", settings.value("starttls").map(Boolean::valueOf).orElse(true));
            }
            case GITHUB -> {
                out.put("token", settings.value("token").map(_ -> Secrets.MASK).orElse(null));
                out.put("base_url", settings.value("base_url").orElse(GITHUB_URL));
            }
        }
        writeRest(settings, out);
        return out;
    }

    private static void writeRest(ProcessorSettings settings, ObjectNode out) {
        out.put("template", settings.template().orElse(null));
        out.putObject("retry")
                .put("attempts", settings.backoff().attempts())
                .put("initial", DurationText.write(settings.backoff().initial()))
                .put("max", DurationText.write(settings.backoff().max()));
    }

    /// The form that stores keep. Reading throws [JsonException] for a text that it did not write.
    public static SettingsCodec codec() {
        return codec(Seal.NONE);
    }

    /// The same; settings with a secret are sealed.
    public static SettingsCodec codec(Seal seal) {
        return new Stored(seal);
    }

    private static final class Stored implements SettingsCodec {
        private static final Set<String> SECRETS = Set.of("password", "token");

        private final Seal seal;

        private Stored(Seal seal) {
            this.seal = requireNonNull(seal, "seal");
        }

        private static String row(ProcessorType type) {
            return "settings of processor " + type.word();
        }

        @Override
        public String write(ProcessorType type, ProcessorSettings settings) {
            var out = Json.object();
            var values = out.putObject("values");
            settings.values().forEach(values::put);
            writeRest(settings, out);
            var text = Json.write(out);
            boolean hides = settings.values().keySet().stream().anyMatch(SECRETS::contains);
            return hides ? seal.seal(text, row(type)) : text;
        }

        @Override
        public ProcessorSettings read(ProcessorType type, String text) {
            var problems = new Problems();
            var fields = Fields.of(Json.read(seal.open(text, row(type))), "", problems);
            var values =
                    fields.flatMap(at -> at.texts("values", Integer.MAX_VALUE, Integer.MAX_VALUE));
            var template = fields.flatMap(at -> at.text("template", Integer.MAX_VALUE));
            var backoff = fields.flatMap(at -> at.object("retry")).flatMap(SettingsJson::backoff);
            fields.ifPresent(Fields::done);
            if (values.isEmpty() || backoff.isEmpty() || !problems.isEmpty()) {
                throw new JsonException("stored settings of processors: " + problems, 0, 0);
            }
            return new ProcessorSettings(values.get(), template, backoff.get());
        }
    }
}
