package carillon.prompt;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A prompt's text, read: Mustache without its logic. `{{name}}` stands for a variable and
/// `{{include "name"}}` for another prompt; `{{{name}}}`, `{{&name}}` and comments (`{{! … }}`) are
/// as in Mustache. Values are put in as they are: neither escaped, nor read as templates again.
public final class PromptTemplate {
    private static final Mustache.Compiler COMPILER = Mustache.compiler().escapeHTML(false);

    /// What Mustache trims from a tag.
    private static final String BLANK = "[\\x00-\\x20]*";

    private static final Pattern FOREIGN = Pattern.compile("\\{\\{" + BLANK + "([#^/<>$=])");
    private static final Pattern EMPTY = Pattern.compile("\\{\\{[{&]?" + BLANK + "\\}");
    private static final Pattern INCLUDE = Pattern.compile("include[ \\t]*\"([^\"]*)\"");
    private static final Pattern MEANT_AS_INCLUDE = Pattern.compile("include\\b.*");

    /// More problems than this help nobody.
    static final int MAX_PROBLEMS = 20;

    private static final int MAX_SHOWN = 60;

    private final String text;
    private final Template compiled;
    private final Set<String> variables = new LinkedHashSet<>();

    /// The tags that include, as they are written, with the name that each includes.
    private final Map<String, String> includes = new LinkedHashMap<>();

    private PromptTemplate(String text, Template compiled) {
        this.text = text;
        this.compiled = compiled;
    }

    /// What reading a text comes to.
    public sealed interface Reading {
        record Good(PromptTemplate template) implements Reading {}

        /// It is no template. The problems say where.
        record Bad(List<String> problems) implements Reading {
            public Bad {
                problems = List.copyOf(problems);
            }
        }
    }

    public static Reading read(String text) {
        var problems = new ArrayList<String>();
        foreign(text, problems);
        empty(text, problems);
        if (!problems.isEmpty()) {
            return new Reading.Bad(problems);
        }
        Template compiled;
        try {
            compiled = COMPILER.compile(text);
        } catch (MustacheException e) {
            return new Reading.Bad(List.of("is no template: " + e.getMessage()));
        }
        var template = new PromptTemplate(text, compiled);
        template.takeTags(problems);
        return problems.isEmpty() ? new Reading.Good(template) : new Reading.Bad(problems);
    }

    private static void foreign(String text, List<String> problems) {
        var matcher = FOREIGN.matcher(text);
        while (problems.size() < MAX_PROBLEMS && matcher.find()) {
            var what =
                    switch (matcher.group(1)) {
                        case "=" -> "other delimiters";
                        case ">" -> "partials (write {{include \"name\"}})";
                        case "<", "$" -> "inheritance";
                        default -> "sections";
                    };
            problems.add(
                    "templates have no logic: no "
                            + what
                            + ", as at "
                            + place(text, matcher.start()));
        }
    }

    private static void empty(String text, List<String> problems) {
        var matcher = EMPTY.matcher(text);
        while (problems.size() < MAX_PROBLEMS && matcher.find()) {
            problems.add("a tag names nothing at " + place(text, matcher.start()));
        }
    }

    private void takeTags(List<String> problems) {
        compiled.visit(
                new Tags() {
                    @Override
                    public void visitVariable(String tag) {
                        var include = INCLUDE.matcher(tag);
                        if (include.matches()) {
                            includes.put(tag, include.group(1));
                        } else if (!MEANT_AS_INCLUDE.matcher(tag).matches()) {
                            variables.add(tag);
                        } else if (problems.size() < MAX_PROBLEMS) {
                            problems.add(
                                    "an include is written {{include \"name\"}}, unlike at "
                                            + placeOf(tag));
                        }
                    }
                });
    }

    /// What is wrong with a text that is stored nowhere and gets values for the variables `given`,
    /// beside the built-in ones; the prompts that it includes are not looked for.
    public static List<String> faults(String text, Set<String> given) {
        return switch (read(text)) {
            case Reading.Bad(var problems) -> problems;
            case Reading.Good(var template) -> {
                var known = new HashSet<>(given);
                known.addAll(Builtins.NAMES);
                yield template.unknown(known).stream()
                        .map(unknown -> unknown + ": give it a value in variables")
                        .toList();
            }
        };
    }

    /// The variables in the text that are not `known`, each with its place.
    List<String> unknown(Set<String> known) {
        return variables.stream()
                .filter(name -> !known.contains(name))
                .limit(MAX_PROBLEMS)
                .map(name -> "unknown variable " + shown(name) + " at " + placeOf(name))
                .toList();
    }

    /// The names of the variables in the text, in the order of their first use.
    public Set<String> variables() {
        return new LinkedHashSet<>(variables);
    }

    /// The names of the prompts that the text includes.
    public Set<String> includes() {
        return new LinkedHashSet<>(includes.values());
    }

    /// Where the text first speaks of a variable, for people: `line 3, column 14`.
    String placeOf(String tag) {
        var wanted =
                Pattern.compile("\\{\\{[{&]?" + BLANK + Pattern.quote(tag) + BLANK + "\\}")
                        .matcher(text);
        return place(text, wanted.find() ? wanted.start() : 0);
    }

    /// Where the text first includes the prompt of this name.
    String placeOfInclude(String name) {
        return includes.entrySet().stream()
                .filter(include -> include.getValue().equals(name))
                .map(include -> placeOf(include.getKey()))
                .findFirst()
                .orElseThrow();
    }

    private static String place(String text, int offset) {
        var before = text.substring(0, offset);
        long line = before.chars().filter(c -> c == '\n').count() + 1;
        int lineStart = before.lastIndexOf('\n') + 1;
        int column = before.codePointCount(lineStart, offset) + 1;
        return "line " + line + ", column " + column;
    }

    /// A name for a message: cut when it is long.
    static String shown(String name) {
        var cut = name.length() > MAX_SHOWN ? name.substring(0, MAX_SHOWN) + "…" : name;
        return "'" + cut + "'";
    }

    /// How many UTF-16 units [#render] answers with, found without putting them together.
    public long length(Map<String, String> values, Map<String, String> included) {
        var length = new long[1];
        compiled.visit(
                new Tags() {
                    @Override
                    public void visitText(String part) {
                        length[0] += part.length();
                    }

                    @Override
                    public void visitVariable(String tag) {
                        length[0] += value(tag, values, included).length();
                    }
                });
        return length[0];
    }

    private String value(String tag, Map<String, String> values, Map<String, String> included) {
        var include = includes.get(tag);
        var value = include == null ? values.get(tag) : included.get(include);
        if (value == null) {
            throw new IllegalArgumentException("no value for " + shown(tag));
        }
        return value;
    }

    /// The text with `values` for its variables and `included` for the prompts that it includes,
    /// both by name. All must be there.
    public String render(Map<String, String> values, Map<String, String> included) {
        Mustache.CustomContext context = tag -> value(tag, values, included);
        return compiled.execute(context);
    }

    /// The text with `values` for its variables, all of which must be there; empty when it would
    /// have more than `maxLength` UTF-16 units. For templates that include nothing.
    public Optional<String> fill(Map<String, String> values, int maxLength) {
        return length(values, Map.of()) > maxLength
                ? Optional.empty()
                : Optional.of(render(values, Map.of()));
    }

    /// Visits variables only: [#foreign] has refused the rest.
    private abstract static class Tags implements Mustache.Visitor {
        @Override
        public void visitText(String part) {}

        @Override
        public boolean visitInclude(String name) {
            throw strange(name);
        }

        @Override
        public boolean visitSection(String name) {
            throw strange(name);
        }

        @Override
        public boolean visitInvertedSection(String name) {
            throw strange(name);
        }

        private static IllegalStateException strange(String name) {
            return new IllegalStateException("a tag that had been refused: " + name);
        }
    }
}
