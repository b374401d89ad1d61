package carillon.json;

import carillon.json.ReadContext.Form;
import carillon.processor.FilePath;
import carillon.processor.MailAddresses;
import carillon.processor.ProcessorTemplate;
import carillon.processor.ProcessorType;
import carillon.task.Notify;
import carillon.task.Processing;
import carillon.task.ProcessorUse;
import carillon.task.TaskDefinition;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The fields `processors`, `[{type, config, template}]`, and `notify` of a task.
final class ProcessorJson {
    static final int MAX_PROCESSORS = 10;

    private static final int MAX_VALUE_LENGTH = 2_048;
    private static final String REPOSITORY = "[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}";
    private static final List<String> MODES = List.of("replace", "append");

    private final ReadContext context;
    private final List<ProcessorUse> previous;

    private ProcessorJson(ReadContext context) {
        this.context = context;
        this.previous =
                context.previous()
                        .map(TaskDefinition::processing)
                        .map(Processing::processors)
                        .orElse(List.of());
    }

    static Processing read(Fields fields, ReadContext context) {
        var notify = fields.word("notify", Notify.class).orElse(Notify.ALWAYS);
        int max = context.isShown() ? MAX_PROCESSORS : Integer.MAX_VALUE;
        var items = fields.array("processors", max).orElse(List.of());
        return new Processing(new ProcessorJson(context).uses(fields, items), notify);
    }

    private List<ProcessorUse> uses(Fields fields, List<JsonNode> items) {
        var uses = new ArrayList<ProcessorUse>();
        for (int i = 0; i < items.size(); i++) {
            var place = new Place(i, items.size());
            Fields.of(items.get(i), fields.path("processors[" + i + "]"), fields.problems())
                    .flatMap(item -> use(item, place))
                    .ifPresent(uses::add);
        }
        return uses;
    }

    /// Where in the list a use stands.
    private record Place(int index, int size) {}

    private Optional<ProcessorUse> use(Fields item, Place place) {
        var word = item.requiredText("type", 100);
        if (!context.isShown()) {
            return word.map(type -> stored(item, type));
        }
        var type = word.flatMap(ProcessorType::of);
        if (word.isPresent() && type.isEmpty()) {
            var words = Arrays.stream(ProcessorType.values()).map(ProcessorType::word);
            item.problem("type", "must be one of " + words.collect(Collectors.joining(", ")));
        }
        var config = item.has("config") ? item.object("config") : none(item);
        var template = item.text("template", ProcessorTemplate.MAX_LENGTH);
        item.done();
        if (type.isEmpty() || config.isEmpty()) {
            return Optional.empty();
        }
        template.flatMap(text -> templateFault(type.get(), text))
                .ifPresent(fault -> item.problem("template", fault));
        var values = config(type.get(), config.get(), place);
        return Optional.of(
                new ProcessorUse(
                        type.get().word(), values, template.filter(text -> !text.isEmpty())));
    }

    private static Optional<Fields> none(Fields item) {
        return Fields.of(Json.object(), item.path("config"), item.problems());
    }

    private static ProcessorUse stored(Fields item, String type) {
        var config = item.texts("config", Integer.MAX_VALUE, Integer.MAX_VALUE).orElse(Map.of());
        var use = new ProcessorUse(type, config, item.text("template", Integer.MAX_VALUE));
        item.done();
        return use;
    }

    /// A webhook's template that looks like JSON must make JSON.
    static Optional<String> templateFault(ProcessorType type, String text) {
        var fault = ProcessorTemplate.fault(text);
        if (fault.isPresent() || type != ProcessorType.WEBHOOK || !looksLikeJson(text)) {
            return fault;
        }
        try {
            Json.read(ProcessorTemplate.of(text).renderAll("1"));
            return Optional.empty();
        } catch (JsonException e) {
            return Optional.of("makes no JSON, although it begins like it: " + e.getMessage());
        }
    }

    private static boolean looksLikeJson(String text) {
        var begin = text.stripLeading();
        return begin.startsWith("[") || (begin.startsWith("{") && !begin.startsWith("{{"));
    }

    private Map<String, String> config(ProcessorType type, Fields config, Place place) {
        var values = new LinkedHashMap<String, String>();
        for (var field : type.fields()) {
            value(field, config).ifPresent(value -> values.put(field.name(), value));
        }
        config.done();
        values.forEach(
                (name, value) ->
                        fault(type, name, value).ifPresent(fault -> config.problem(name, fault)));
        unmask(type, config, values, place);
        return values;
    }

    private static Optional<String> value(ProcessorType.Field field, Fields config) {
        if (field.name().equals("issue")) {
            var number = config.wholeNumber("issue", 1, Long.MAX_VALUE);
            return number.isPresent()
                    ? Optional.of(Long.toString(number.getAsLong()))
                    : Optional.empty();
        }
        return field.required()
                ? config.requiredText(field.name(), MAX_VALUE_LENGTH)
                : config.text(field.name(), MAX_VALUE_LENGTH).filter(text -> !text.isBlank());
    }

    private static Optional<String> fault(ProcessorType type, String name, String value) {
        return switch (name) {
            case "path" -> FilePath.templateFault(value);
            case "mode" ->
                    MODES.contains(value)
                            ? Optional.empty()
                            : Optional.of("must be one of " + String.join(", ", MODES));
            case "url" -> urlFault(type, value);
            case "secret" ->
                    value.equals(Secrets.MASK) ? Optional.empty() : HttpRules.secretFault(value);
            case "to" -> MailAddresses.fault(value);
            case "subject", "title" ->
                    value.chars().anyMatch(Character::isISOControl)
                            ? Optional.of("must be one line")
                            : ProcessorTemplate.fault(value);
            case "repository" ->
                    value.matches(REPOSITORY) && !value.matches(".*/\\.{1,2}")
                            ? Optional.empty()
                            : Optional.of("must be owner/name");
            default -> Optional.empty();
        };
    }

    private static Optional<String> urlFault(ProcessorType type, String text) {
        if (type != ProcessorType.WEBHOOK && text.equals(Secrets.MASK)) {
            return Optional.empty();
        }
        var fault = HttpRules.urlFault(text);
        if (fault.isEmpty() && URI.create(text).getRawUserInfo() != null) {
            return Optional.of("must have no user");
        }
        return fault;
    }

    /// Puts stored secrets in the place of masks. A secret goes to no other server than the one
    /// that it was given for.
    private void unmask(
            ProcessorType type, Fields config, Map<String, String> values, Place place) {
        var url = values.get("url");
        if (url == null) {
            return;
        }
        var masked = type == ProcessorType.WEBHOOK ? "secret" : "url";
        var value = values.get(masked);
        if (value == null || !isMasked(type, value)) {
            return;
        }
        var kept = stored(type, masked, url, config, place);
        kept.ifPresentOrElse(secret -> values.put(masked, secret), () -> values.remove(masked));
    }

    private static boolean isMasked(ProcessorType type, String value) {
        return value.equals(Secrets.MASK)
                || (type != ProcessorType.WEBHOOK && value.endsWith("/" + Secrets.MASK));
    }

    private Optional<String> stored(
            ProcessorType type, String name, String url, Fields config, Place place) {
        var known = previous.stream().filter(use -> has(use, type, name)).toList();
        var fitting = known.stream().filter(use -> value(use, "url").equals(url)).toList();
        if (fitting.isEmpty()) {
            fitting = known.stream().filter(use -> leadsTo(use, url)).toList();
        }
        var secrets = fitting.stream().map(use -> value(use, name)).distinct().toList();
        if (secrets.size() == 1) {
            return Optional.of(secrets.getFirst());
        }
        if (secrets.size() > 1 && previous.size() == place.size) {
            var same = previous.get(place.index);
            if (fitting.contains(same)) {
                return Optional.of(value(same, name));
            }
        }
        config.problem(
                name,
                known.isEmpty()
                        ? "there is no stored secret that '***' could stand for"
                        : fitting.isEmpty()
                                ? "send the secret again: the host changes"
                                : "send the secret again: '***' could stand for several");
        return Optional.empty();
    }

    private static boolean has(ProcessorUse use, ProcessorType type, String name) {
        return use.type().equals(type.word())
                && use.config().containsKey("url")
                && use.config().containsKey(name);
    }

    private static String value(ProcessorUse use, String name) {
        return use.config().getOrDefault(name, "");
    }

    private static boolean leadsTo(ProcessorUse use, String url) {
        return url.equals(Secrets.MASK)
                || (HttpRules.urlFault(url).isEmpty()
                        && HttpRules.isSameServer(URI.create(value(use, "url")), URI.create(url)));
    }

    static void write(Processing processing, ObjectNode out, Form form) {
        var uses = out.putArray("processors");
        for (var use : processing.processors()) {
            var shown = uses.addObject().put("type", use.type());
            var config = shown.putObject("config");
            use.config().forEach((name, value) -> put(config, use, name, value, form));
            shown.put("template", use.template().orElse(null));
        }
        out.put("notify", Fields.word(processing.when()));
    }

    private static void put(
            ObjectNode config, ProcessorUse use, String name, String value, Form form) {
        if (form == Form.STORED) {
            config.put(name, value);
            return;
        }
        var type = ProcessorType.of(use.type());
        boolean secret =
                type.stream()
                        .flatMap(known -> known.fields().stream())
                        .anyMatch(field -> field.secret() && field.name().equals(name));
        if (name.equals("issue")) {
            config.put(name, Long.parseLong(value));
        } else {
            config.put(name, secret ? masked(name, value) : value);
        }
    }

    /// Of a URL that is a secret, the server is shown.
    private static String masked(String name, String value) {
        if (!name.equals("url")) {
            return Secrets.MASK;
        }
        var url = URI.create(value);
        return url.getScheme() + "://" + url.getRawAuthority() + "/" + Secrets.MASK;
    }
}
