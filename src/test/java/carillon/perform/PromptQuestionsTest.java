package carillon.perform;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.action.PromptCall;
import carillon.action.Question;
import carillon.ai.AdministratorModels;
import carillon.ai.Chat;
import carillon.budget.Cashier;
import carillon.json.TaskJson;
import carillon.perform.Questions.Wording;
import carillon.prompt.PromptDefinition;
import carillon.prompt.Prompts;
import carillon.prompt.Variable;
import carillon.run.Lease;
import carillon.run.ModelAnswer;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.schedule.Calendar;
import carillon.schedule.DstPolicy;
import carillon.schedule.Timetable;
import carillon.store.StoreSettings;
import carillon.store.Stores;
import carillon.task.TaskDefinition;
import carillon.task.TaskLists;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PromptQuestionsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T23:30:01.5Z");
    private static final InstantSource TIME = InstantSource.fixed(NOW);
    private static final Chat NOBODY =
            (model, _, _) -> {
                throw new AssertionError(model + " was asked");
            };

    @TempDir Path directory;
    private Stores stores;
    private Prompts prompts;
    private PreviousResponses responses = PreviousResponses.NONE;

    @BeforeEach
    void open() {
        stores =
                Stores.open(
                        new StoreSettings.Sqlite(directory),
                        TaskJson.codec(),
                        TaskLists.NONE,
                        TIME);
        prompts = new Prompts(stores.prompts(), TIME);
    }

    @AfterEach
    void close() {
        stores.close();
    }

    private long prompt(String name, String text, Variable... variables) {
        var made =
                prompts.create(
                        new PromptDefinition(name, "", "", List.of(), text, List.of(variables)),
                        "test");
        assertThat(made).isInstanceOf(Prompts.Created.Done.class);
        return ((Prompts.Created.Done) made).prompt().id().value();
    }

    private static Question stored(String prompt, Map<String, String> variables) {
        return new Question.Stored(prompt, OptionalInt.empty(), variables);
    }

    private static PromptCall call(Question question) {
        return new PromptCall("echo", question, Optional.empty());
    }

    private static Lease lease(Question question) {
        return Leases.of(call(question), 1, Duration.ofSeconds(9), "native");
    }

    private Wording asked(Question question, Lease lease) {
        return new PromptQuestions(prompts, responses, ZoneOffset.UTC, TIME)
                .of(call(question), lease);
    }

    private Wording asked(Question question) {
        return asked(question, lease(question));
    }

    private String text(Question question) {
        var asked = asked(question);
        assertThat(asked).isInstanceOf(Wording.Ready.class);
        return ((Wording.Ready) asked).conversation().text();
    }

    @Test
    void a_stored_prompt_is_filled_in_by_name_and_by_id_in_its_newest_version_or_the_one_named() {
        var id = prompt("hello", "Say {{word}}", new Variable("word", "", true, Optional.empty()));
        var given = Map.of("word", "{{date}}");
        assertThat(text(stored("hello", given))).isEqualTo("Say {{date}}");
        var byId = stored(Long.toString(id), given);
        var found = (Wording.Ready) asked(byId);
        assertThat(found.prompt()).contains(new ModelAnswer.Rendered(id, 1));

        var prompt = prompts.find(carillon.prompt.PromptReference.of("hello")).orElseThrow();
        prompts.update(
                prompt.id(),
                new PromptDefinition("hello", "", "", List.of(), "New", List.of()),
                OptionalInt.empty(),
                "test");
        assertThat(text(byId)).isEqualTo("New");
        assertThat(text(new Question.Stored("hello", OptionalInt.of(1), given)))
                .isEqualTo("Say {{date}}");
    }

    @Test
    void built_in_variables_tell_of_the_run() {
        responses = task -> Optional.of("answer of task " + task);
        prompt("all", "{{date}} {{time}} {{fire_time}} {{run_id}} {{previous_response}}");
        assertThat(text(stored("all", Map.of())))
                .isEqualTo("2026-03-01 23:30:01 " + Leases.FIRE_TIME + " 42 answer of task 7");
    }

    @Test
    void without_a_previous_response_it_is_empty() {
        assertThat(text(new Question.Template("<{{previous_response}}>", Map.of())))
                .isEqualTo("<>");
    }

    @Test
    void the_date_is_that_of_the_schedules_zone() {
        var question = new Question.Template("{{datetime}}", Map.of());
        var plain = lease(question);
        var berlin =
                new Calendar(
                        new Calendar.When.Daily(),
                        LocalTime.of(0, 30),
                        ZoneId.of("Europe/Berlin"),
                        DstPolicy.DEFAULT);
        var scheduled =
                new TaskDefinition(
                        "n",
                        "",
                        Optional.of(Timetable.of(berlin)),
                        plain.definition().action(),
                        plain.definition().policies(),
                        Map.of());
        var lease = new Lease(plain.run(), scheduled, "native", plain.holder());
        assertThat(asked(question, lease))
                .isEqualTo(new Wording.Ready("2026-03-02T00:30:01+01:00", Optional.empty()));
        assertThat(text(question)).isEqualTo("2026-03-01T23:30:01Z");
    }

    @Test
    void a_text_is_meant_as_it_stands_and_a_template_is_filled_in() {
        prompt("part", "the end");
        assertThat(text(new Question.Text("{{who}} {{"))).isEqualTo("{{who}} {{");
        assertThat(
                        text(
                                new Question.Template(
                                        "{{who}}: {{include \"part\"}}", Map.of("who", "me"))))
                .isEqualTo("me: the end");
    }

    @Test
    void what_cannot_be_asked_fails_the_run_in_words_and_is_not_tried_again() throws Exception {
        prompt("needy", "{{a}}{{b}}", needed("a"), needed("b"));
        prompt("blank", "{{previous_response}}");
        var part = prompt("part", "x");
        prompt("whole", "{{include \"part\"}}");
        prompts.delete(new carillon.prompt.PromptId(part), OptionalInt.empty());
        var long1 = "x".repeat(65_000);
        prompt("long", "{{a}}".repeat(20), needed("a"));

        assertRefused(stored("none", Map.of()), "there is no prompt 'none'");
        assertRefused(stored("77", Map.of()), "there is no prompt 77");
        assertRefused(
                new Question.Stored("needy", OptionalInt.of(9), Map.of()),
                "there is no version 9 of prompt 'needy'");
        assertRefused(
                stored("needy", Map.of()), "the prompt requires values for the variables a, b");
        assertRefused(stored("blank", Map.of()), "the prompt's text is blank with these variables");
        assertRefused(
                stored("whole", Map.of()), "broken include: whole → part: there is no such prompt");
        assertRefused(
                stored("long", Map.of("a", long1)),
                "the prompt has more than 1048576 characters with these variables");
        assertRefused(
                new Question.Template("{{include \"none\"}}", Map.of()),
                "broken include: (text) → none: there is no such prompt");
    }

    private static Variable needed(String name) {
        return new Variable(name, "", true, Optional.empty());
    }

    private void assertRefused(Question question, String reason) throws InterruptedException {
        var questions = new PromptQuestions(prompts, responses, ZoneOffset.UTC, TIME);
        var performer =
                new PromptPerformer(
                        questions,
                        AdministratorModels.NONE,
                        MeteredChat.unmetered(NOBODY),
                        Cashier.UNLIMITED,
                        TIME);
        assertThat(performer.perform(call(question), lease(question)))
                .isEqualTo(new Outcome.Failed(reason, Set.of(), Output.NONE, Optional.empty()));
    }
}
