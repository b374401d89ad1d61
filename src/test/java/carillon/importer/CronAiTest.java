package carillon.importer;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.importer.Imports.Kind;
import carillon.importer.Imports.Left;
import carillon.importer.Imports.Wanted;
import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CronAiTest {
    private static final String WEEKLY =
            """
            ---
            name: Weekly report
            description: What happened
            category: reports
            tags: week, team
            variables:
              - name: team
                description: Whose week
            ---
            {{include "templates/header.md"}}
            Report on {{team}} and {{.Variables.project}} of {{date}}.
            """;
    private static final Map<String, String> FILES =
            Map.of(
                    "plain", "Say hello.\n",
                    "slack/only_there", "Found in a category.",
                    "reports/weekly", WEEKLY,
                    "templates/header", "Written at {{CURRENT_TIME}}.",
                    "logic", "{{if .Variables.a}}x{{end}}",
                    "child", "---\nextends: plain\n---\ntext",
                    "circle", "{{include circle}}",
                    "orphan", "{{include nowhere}}");

    private static Imports read(String text) {
        var hooks = Map.of("teams", "https://hook.example");
        return CronAi.read(
                text,
                new CronAi.Surroundings(
                        name -> Optional.ofNullable(FILES.get(name)),
                        Optional.empty(),
                        Map.of(),
                        hooks));
    }

    private static List<JsonNode> bodies(Imports imports, Kind kind) {
        return imports.wanted().stream()
                .filter(wanted -> wanted.kind() == kind)
                .<JsonNode>map(Wanted::body)
                .toList();
    }

    private static JsonNode task(String line) {
        var imports = read(line);
        assertThat(imports.left()).isEmpty();
        return bodies(imports, Kind.TASK).getFirst();
    }

    @Test
    void a_line_becomes_a_task_with_its_prompt() {
        var imports = read("0 8 * * *   claude plain file-/var/log/out.log");
        assertThat(imports.left()).isEmpty();
        assertThat(bodies(imports, Kind.MODEL)).isEmpty();
        assertThat(bodies(imports, Kind.PROMPT).getFirst())
                .isEqualTo(
                        Json.read(
                                """
                                {"name":"plain","category":"","description":"","tags":[],
                                 "text":"Say hello.","variables":[]}
                                """));
        var task = bodies(imports, Kind.TASK).getFirst();
        assertThat(task.path("name").asText()).matches("cronai: plain \\([0-9a-f]{8}\\)");
        assertThat(task.path("schedule")).isEqualTo(Json.read("{\"cron\":\"0 8 * * *\"}"));
        assertThat(task.at("/action/prompt"))
                .isEqualTo(
                        Json.read(
                                """
                                {"model":"claude-sonnet-4-5","prompt":"plain","variables":{}}
                                """));
        assertThat(task.at("/processors/0"))
                .isEqualTo(
                        Json.read("{\"type\":\"file\",\"config\":{\"path\":\"var/log/out.log\"}}"));
    }

    @Test
    void front_matter_variables_and_includes_are_put_in_the_words_of_templates_here() {
        var imports = read("@weekly openai reports/weekly console team=a,project=x y, z");
        assertThat(imports.left()).isEmpty();
        var header = bodies(imports, Kind.PROMPT).get(0);
        assertThat(header.path("name").asText()).isEqualTo("templates.header");
        assertThat(header.path("text").asText()).isEqualTo("Written at {{time}}.");
        var weekly = bodies(imports, Kind.PROMPT).get(1);
        assertThat(weekly.path("name").asText()).isEqualTo("reports.weekly");
        assertThat(weekly.path("description").asText()).isEqualTo("What happened");
        assertThat(weekly.path("tags")).isEqualTo(Json.read("[\"week\",\"team\"]"));
        assertThat(weekly.path("text").asText())
                .isEqualTo(
                        "{{include \"templates.header\"}}\n"
                                + "Report on {{team}} and {{project}} of {{date}}.");
        assertThat(weekly.path("variables"))
                .isEqualTo(
                        Json.read(
                                """
                                [{"name":"team","description":"Whose week"},
                                 {"name":"project","description":""}]
                                """));
        assertThat(bodies(imports, Kind.TASK).getFirst().at("/action/prompt/variables"))
                .isEqualTo(Json.read("{\"team\":\"a\",\"project\":\"x y, z\"}"));
    }

    @Test
    void a_prompt_is_found_in_its_category_and_made_once() {
        var imports =
                read("@daily openai only_there console\n@hourly openai only_there.md console");
        assertThat(bodies(imports, Kind.PROMPT)).hasSize(1);
        assertThat(bodies(imports, Kind.TASK))
                .extracting(task -> task.at("/action/prompt/prompt").asText())
                .containsExactly("slack.only_there", "slack.only_there");
    }

    @Test
    void model_parameters_make_a_model_and_the_same_ones_make_the_same() {
        var said =
                "@daily openai plain console model_params:temperature=0.5,max_tokens=400,"
                        + "model=gpt-4,openai.model=gpt-4-turbo,claude.model=x,"
                        + "system_message=You are brief, and kind";
        var imports = read(said + "\n" + said.replace("@daily", "@hourly"));
        assertThat(imports.left()).isEmpty();
        assertThat(bodies(imports, Kind.MODEL)).hasSize(1);
        var model = bodies(imports, Kind.MODEL).getFirst();
        assertThat(model.path("provider").asText()).isEqualTo("openai");
        assertThat(model.path("model").asText()).isEqualTo("gpt-4-turbo");
        assertThat(Json.read(Json.write(model.path("defaults"))))
                .isEqualTo(
                        Json.read(
                                """
                                {"temperature":0.5,"max_tokens":400,
                                 "system":"You are brief, and kind"}
                                """));
        assertThat(bodies(imports, Kind.TASK))
                .hasSize(2)
                .allSatisfy(
                        task ->
                                assertThat(task.at("/action/prompt/model"))
                                        .isEqualTo(model.path("name")));
    }

    @Test
    void a_model_without_other_parameters_is_named_in_the_task() {
        var task = task("@daily claude:model=claude-3-opus plain console");
        assertThat(task.at("/action/prompt/model").asText()).isEqualTo("claude-3-opus");
    }

    @Test
    void the_date_is_put_in_when_the_run_begins() {
        var task = task("@daily openai reports/weekly console team=a,date={{CURRENT_DATE}}");
        assertThat(task.at("/action/prompt/variables")).isEqualTo(Json.read("{\"team\":\"a\"}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    console | console | {}
                    log-to-file | file | {"path":"cronai.log"}
                    webhook-https://h.example/a-b | webhook | {"url":"https://h.example/a-b"}
                    email-us@h.example | email | {"to":"us@h.example","subject":"plain"}
                    teams-general | teams | {"url":"https://hook.example"}
                    slack-https://h.example | slack | {"url":"https://h.example"}
                    github-issue:me/repo-1.x | github | {"repository":"me/repo-1.x"}
                    github-comment:me/repo#42 | github | {"repository":"me/repo","issue":42}
                    """)
    void processors_are_taken_over(String said, String type, String config) {
        var processor = task("@daily openai plain " + said).at("/processors/0");
        assertThat(processor.path("type").asText()).isEqualTo(type);
        assertThat(processor.path("config")).isEqualTo(Json.read(config));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    0 8 * * * openai plain | has too few fields
                    99 8 * * * openai plain console | bad schedule '99 8 * * *'
                    @daily llama plain console | is none of openai
                    @daily openai nowhere console | no file cron_prompts/nowhere.md
                    @daily openai ../secret console | no file cron_prompts/../secret
                    @daily openai logic console | has logic ({{if)
                    @daily openai child console | extends another
                    @daily openai circle console | includes itself
                    @daily openai orphan console | no file cron_prompts/nowhere.md
                    @daily openai plain carrier-pigeon | there is no processor
                    @daily openai plain slack:#general | --slack-url
                    @daily openai plain webhook-alerts | has its address in CronAI's
                    @daily openai plain github-pr:me/repo | pull requests are not made
                    @daily openai plain email-nobody | is no e-mail address
                    @daily openai plain console word | is no name=value
                    @daily openai plain console date=tomorrow | 'date' is built in
                    @daily openai plain console d={{CURRENT_DATE}} | write {{date}} in the prompt
                    @daily openai:temperature=hot plain console | temperature is no number
                    @daily openai:temperature=9 plain console | defaults.temperature
                    """)
    void what_cannot_be_taken_over_is_refused_in_words(String line, String reason) {
        var imports = read("# first\n" + line + "\n@daily openai plain console");
        assertThat(imports.left()).extracting(Left::line).containsExactly(2);
        assertThat(imports.left().getFirst().reason()).contains(reason);
        assertThat(bodies(imports, Kind.TASK)).hasSize(1);
    }

    @Test
    void what_is_not_taken_over_is_noted() {
        var imports =
                read(
                        "@daily openai plain console template=fancy"
                                + " model_params:frequency_penalty=1,max_retries=3");
        assertThat(imports.left()).isEmpty();
        assertThat(imports.notes())
                .extracting(Imports.Note::message)
                .containsExactlyInAnyOrder(
                        "max_retries is not taken over: say 'retry' in the task",
                        "the parameter 'frequency_penalty' is not taken over",
                        "the template 'fancy' of the processor is not taken over");
    }
}
