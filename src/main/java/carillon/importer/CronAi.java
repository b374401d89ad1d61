package carillon.importer;

import static java.util.Objects.requireNonNull;

import carillon.importer.Imports.Kind;
import carillon.importer.Imports.Wanted;
import carillon.json.Json;
import carillon.prompt.Builtins;
import carillon.prompt.Variable;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// A `cronai.config`: lines of `schedule model prompt processor [variables] [model_params:…]`, with
/// the prompts that they name. Each line becomes a task; prompts, and models where a line has
/// parameters for them, are made once.
public final class CronAi {
    private static final Pattern LINE =
            Pattern.compile(
                    "(@\\S+|\\S+\\s+\\S+\\s+\\S+\\s+\\S+\\s+\\S+)"
                            + "\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)"
                            + "(?:\\s+(.*))?");
    private static final String PARAMETERS = "model_params:";
    private static final Map<String, String> MOMENTS =
            Map.of(
                    "{{CURRENT_DATE}}", Builtins.DATE,
                    "{{CURRENT_TIME}}", Builtins.TIME,
                    "{{CURRENT_DATETIME}}", Builtins.DATETIME);

    private final Imports.Gathering found = new Imports.Gathering();
    private final Surroundings around;
    private final CronAiPrompts prompts;

    /// `prompts` finds the text of a prompt file by its name without `.md`; `zone` is meant by the
    /// schedules, without it the server's; `models` names the model that is asked where a line only
    /// says `openai`, `claude` or `gemini`; `hooks` are the addresses of incoming webhooks by
    /// processor (`slack`, `teams`), which CronAI keeps in its environment.
    public record Surroundings(
            Function<String, Optional<String>> prompts,
            Optional<ZoneId> zone,
            Map<String, String> models,
            Map<String, String> hooks) {
        public Surroundings {
            requireNonNull(prompts, "prompts");
            requireNonNull(zone, "zone");
            models = Map.copyOf(models);
            hooks = Map.copyOf(hooks);
        }
    }

    private CronAi(Surroundings around) {
        this.around = around;
        this.prompts = new CronAiPrompts(around.prompts, found);
    }

    public static Imports read(String text, Surroundings around) {
        var file = new CronAi(around);
        int number = 0;
        for (var line : text.lines().toList()) {
            file.read(++number, line.strip());
        }
        return file.found.done();
    }

    private void read(int number, String line) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        try {
            task(number, line);
        } catch (NotImportedException e) {
            found.leave(number, Lines.shown(line), e.reason());
        }
    }

    private void task(int number, String line) {
        var parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new NotImportedException(
                    "has too few fields: schedule, model, prompt and processor are needed");
        }
        var rest = Optional.ofNullable(parts.group(5)).orElse("").strip();
        int end = rest.indexOf(PARAMETERS);
        var parameters = end < 0 ? "" : rest.substring(end + PARAMETERS.length());
        var variables = pairs(end < 0 ? rest : rest.substring(0, end).strip());
        var cron = parts.group(1).replaceAll("\\s+", " ");
        var schedule = Lines.schedule(cron, around.zone);
        var template = Optional.ofNullable(variables.remove("template"));
        var model = model(number, parts.group(2), parameters);
        var prompt = prompts.want(number, parts.group(3));
        var task = Json.object();
        task.put("name", name(prompt, line));
        task.put("description", "Imported from line " + number + " of a cronai.config");
        task.set("schedule", schedule);
        var action = task.putObject("action").putObject("prompt");
        action.put("model", model).put("prompt", prompt);
        variables(variables).forEach(action.putObject("variables")::put);
        task.putArray("processors").add(CronAiProcessors.of(parts.group(4), prompt, around.hooks));
        task.putArray("tags").add("cronai");
        Lines.check(task);
        template.ifPresent(
                name ->
                        found.note(
                                number,
                                "the template '" + name + "' of the processor is not taken over"));
        found.want(new Wanted(Kind.TASK, number, task.path("name").asText(), task));
    }

    private String name(String prompt, String line) {
        var zone = around.zone.map(ZoneId::getId).orElse("");
        var mark = Lines.mark(line.replaceAll("\\s+", " "), zone);
        return "cronai: " + prompt + " (" + mark + ")";
    }

    /// `a=1,b=2`; a part without a sign belongs to the value before it.
    static Map<String, String> pairs(String text) {
        var pairs = new LinkedHashMap<String, String>();
        var last = "";
        for (var part : text.split(",", -1)) {
            int sign = part.indexOf('=');
            if (sign > 0) {
                last = part.substring(0, sign).strip();
                pairs.put(last, part.substring(sign + 1).strip());
            } else if (!last.isEmpty()) {
                pairs.merge(last, part, (before, more) -> before + "," + more);
            } else if (!part.isBlank()) {
                throw new NotImportedException("'" + part.strip() + "' is no name=value");
            }
        }
        return pairs;
    }

    /// What CronAI puts in when it reads the file is built in here, and put in when a run begins.
    private static Map<String, String> variables(Map<String, String> sent) {
        var variables = new LinkedHashMap<String, String>();
        sent.forEach(
                (name, value) -> {
                    var moment = Optional.ofNullable(MOMENTS.get(value));
                    if (moment.isPresent() && moment.get().equals(name)) {
                        return;
                    }
                    if (moment.isPresent()) {
                        throw new NotImportedException(
                                "the variable '"
                                        + name
                                        + "' is the time of the run: write {{"
                                        + moment.get()
                                        + "}} in the prompt instead");
                    }
                    Variable.nameFault(name)
                            .ifPresent(
                                    fault -> {
                                        throw new NotImportedException(
                                                "the variable '" + name + "': " + fault);
                                    });
                    variables.put(name, value);
                });
        return variables;
    }

    private String model(int number, String said, String parameters) {
        int colon = said.indexOf(':');
        var family = colon < 0 ? said : said.substring(0, colon);
        var all = new LinkedHashMap<String, String>();
        if (colon >= 0) {
            all.putAll(pairs(said.substring(colon + 1)));
        }
        all.putAll(pairs(parameters));
        var model = CronAiModel.of(family, all, around.models);
        model.notes().forEach(note -> found.note(number, note));
        model.body()
                .ifPresent(body -> found.want(new Wanted(Kind.MODEL, number, model.name(), body)));
        return model.name();
    }

    /// For the forms of what is made.
    static ObjectNode named(String name) {
        return Json.object().put("name", name);
    }
}
