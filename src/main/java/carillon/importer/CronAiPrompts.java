package carillon.importer;

import carillon.importer.Imports.Kind;
import carillon.importer.Imports.Wanted;
import carillon.json.Json;
import carillon.prompt.Builtins;
import carillon.prompt.PromptDefinition;
import carillon.prompt.PromptTemplate;
import carillon.prompt.Variable;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The prompt files of CronAI: Markdown with front matter, `{{variables}}` and includes.
final class CronAiPrompts {
    private static final Pattern FRONT =
            Pattern.compile(
                    "\\A---[ \\t]*\\r?\\n(.*?)\\r?\\n---[ \\t]*(?:\\r?\\n|\\z)", Pattern.DOTALL);
    private static final Pattern INCLUDE =
            Pattern.compile("\\{\\{\\s*include\\s+(?:\"([^\"]+)\"|([^}\\s]+))[^}]*\\}\\}");
    private static final Pattern OF_VARIABLES =
            Pattern.compile("\\{\\{\\s*\\.Variables\\.(\\w+)\\s*\\}\\}");
    private static final Pattern LOGIC =
            Pattern.compile(
                    "\\{\\{-?\\s*(if|else|end|range|with|define|template|block|\\.)(?=[\\s}.\\w])");
    private static final List<String> FOLDERS =
            List.of("", "general/", "email/", "slack/", "webhook/", "file/", "github/", "custom/");
    private static final int MAX_DEPTH = 10;
    private static final YAMLMapper YAML = new YAMLMapper();

    private final Function<String, Optional<String>> files;
    private final Imports.Gathering found;
    private final Map<String, String> names = new HashMap<>();

    CronAiPrompts(Function<String, Optional<String>> files, Imports.Gathering found) {
        this.files = files;
        this.found = found;
    }

    /// The name of the prompt here, which is wanted from now on with all that it includes.
    String want(int line, String said) {
        return want(line, said, 0);
    }

    private String want(int line, String said, int depth) {
        if (depth > MAX_DEPTH) {
            throw new NotImportedException("the prompt '" + said + "' includes itself");
        }
        var plain = said.endsWith(".md") ? said.substring(0, said.length() - 3) : said;
        var file = find(plain);
        var known = Optional.ofNullable(names.get(file.name));
        if (known.isPresent()) {
            return known.get();
        }
        var name = file.name.replace('/', '.');
        PromptDefinition.nameFault(name)
                .ifPresent(
                        fault -> {
                            throw new NotImportedException("the prompt's name: " + fault);
                        });
        var body = read(line, file, name, depth);
        names.put(file.name, name);
        found.want(new Wanted(Kind.PROMPT, line, name, body));
        return name;
    }

    /// `name` is the path below `cron_prompts`, without `.md`.
    private record File(String name, String text) {}

    private File find(String name) {
        for (var folder : name.contains("/") ? FOLDERS.subList(0, 1) : FOLDERS) {
            var text = files.apply(folder + name);
            if (text.isPresent()) {
                return new File(folder + name, text.get().stripTrailing());
            }
        }
        throw new NotImportedException("there is no file cron_prompts/" + name + ".md");
    }

    private ObjectNode read(int line, File file, String name, int depth) {
        var front = FRONT.matcher(file.text);
        boolean has = front.find();
        var about = has ? about(file.name, front.group(1)) : Json.object();
        if (about.hasNonNull("extends")) {
            throw new NotImportedException(
                    "the prompt '" + file.name + "' extends another, which prompts here do not");
        }
        var text = text(line, file.name, has ? file.text.substring(front.end()) : file.text, depth);
        var body = Json.object().put("name", name);
        int slash = file.name.lastIndexOf('/');
        var folder = slash < 0 ? "" : file.name.substring(0, slash);
        body.put("category", about.path("category").asText(folder));
        body.put("description", about.path("description").asText(""));
        var tags = body.putArray("tags");
        tags(about.path("tags")).forEach(tags::add);
        body.put("text", text);
        putVariables(body, about.path("variables"), file.name, text);
        return body;
    }

    private static JsonNode about(String name, String front) {
        try {
            var about = YAML.readTree(front);
            return about.isObject() ? about : Json.object();
        } catch (JsonProcessingException e) {
            throw new NotImportedException("the front matter of '" + name + "' is no YAML");
        }
    }

    private static List<String> tags(JsonNode said) {
        var tags = new ArrayList<String>();
        if (said.isArray()) {
            said.forEach(tag -> tags.add(tag.asText()));
        } else {
            tags.addAll(List.of(said.asText("").split(",", -1)));
        }
        return tags.stream().map(String::strip).filter(tag -> !tag.isEmpty()).distinct().toList();
    }

    /// Words of CronAI in the words of templates here.
    private String text(int line, String name, String said, int depth) {
        var text = OF_VARIABLES.matcher(said).replaceAll("{{$1}}");
        text =
                text.replace("{{CURRENT_DATE}}", "{{date}}")
                        .replace("{{CURRENT_TIME}}", "{{time}}")
                        .replace("{{CURRENT_DATETIME}}", "{{datetime}}");
        var logic = LOGIC.matcher(text);
        if (logic.find()) {
            throw new NotImportedException(
                    "the prompt '"
                            + name
                            + "' has logic ({{"
                            + logic.group(1)
                            + "), which templates here do not have");
        }
        return INCLUDE.matcher(text).replaceAll(match -> include(line, match, depth));
    }

    private String include(int line, MatchResult match, int depth) {
        var said = Optional.ofNullable(match.group(1)).orElseGet(() -> match.group(2));
        var name = want(line, said, depth + 1);
        return Matcher.quoteReplacement("{{include \"" + name + "\"}}");
    }

    /// Those that the front matter describes, and all others in the text: CronAI declares none.
    private static void putVariables(
            ObjectNode body, JsonNode described, String file, String text) {
        var variables = new LinkedHashMap<String, String>();
        described.forEach(
                one ->
                        variables.put(
                                one.path("name").asText(""), one.path("description").asText("")));
        switch (PromptTemplate.read(text)) {
            case PromptTemplate.Reading.Bad(var problems) ->
                    throw new NotImportedException(
                            "the prompt '" + file + "': " + String.join("; ", problems));
            case PromptTemplate.Reading.Good(var template) ->
                    template.variables().forEach(name -> variables.putIfAbsent(name, ""));
        }
        Builtins.NAMES.forEach(variables::remove);
        var declared = body.putArray("variables");
        variables.forEach(
                (name, description) -> {
                    Variable.nameFault(name)
                            .ifPresent(
                                    fault -> {
                                        throw new NotImportedException(
                                                "the variable '" + name + "': " + fault);
                                    });
                    declared.addObject().put("name", name).put("description", description);
                });
    }
}
