package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.prompt.Prompt;
import carillon.prompt.PromptDefinition;
import carillon.prompt.PromptId;
import carillon.prompt.PromptQuery;
import carillon.prompt.PromptStore;
import carillon.prompt.PromptStore.Addition;
import carillon.prompt.PromptVersion;
import carillon.prompt.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every prompt store must do, whatever the database under it.
abstract class PromptStoreContract extends StoreContract {
    private static final Optional<String> ANY = Optional.empty();

    private PromptStore prompts;

    PromptStoreContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void open() {
        prompts = stores().prompts();
    }

    private static PromptDefinition definition(String name) {
        return definition(name, "", "text of " + name, List.of());
    }

    private static PromptDefinition definition(
            String name, String category, String text, List<String> tags) {
        return new PromptDefinition(name, category, "about " + name, tags, text, List.of());
    }

    private PromptVersion first(PromptDefinition definition) {
        return new PromptVersion(prompts.newId(), 1, definition, NOON, "me", OptionalInt.empty());
    }

    private Prompt made(PromptDefinition definition) {
        var first = first(definition);
        assertThat(prompts.create(first)).isTrue();
        return new Prompt(first.prompt(), 1, definition, NOON, NOON);
    }

    private static PromptVersion next(Prompt prompt, int number, PromptDefinition definition) {
        return new PromptVersion(
                prompt.id(), number, definition, NOON.plusMillis(number), "you", OptionalInt.of(1));
    }

    @Test
    void a_prompt_is_read_as_it_was_written() {
        var definition =
                new PromptDefinition(
                        "Daily report",
                        "news",
                        "Ärger \"quoted\" \\ 😀",
                        List.of("b", "A"),
                        "{{x}}\r\n\ttext\n",
                        List.of(
                                new Variable("x", "what", true, Optional.empty()),
                                new Variable("y", "", false, Optional.of("")),
                                new Variable("z", "", true, Optional.of("1"))));
        var prompt = made(definition);

        assertThat(prompts.find(prompt.id())).hasValue(prompt);
        assertThat(prompts.find("Daily report")).hasValue(prompt);
        assertThat(prompts.find("daily report")).isEmpty();
        assertThat(prompts.find(new PromptId(1))).isEmpty();
        assertThat(prompts.versions(prompt.id(), Long.MAX_VALUE, 10))
                .containsExactly(
                        new PromptVersion(
                                prompt.id(), 1, definition, NOON, "me", OptionalInt.empty()));
    }

    @Test
    void a_name_belongs_to_one_prompt() {
        var one = made(definition("one"));
        var two = made(definition("two"));

        assertThat(prompts.create(first(definition("one")))).isFalse();
        assertThat(prompts.addVersion(next(two, 2, definition("one")), 1))
                .isEqualTo(Addition.NAME_TAKEN);
        assertThat(prompts.find("two")).hasValue(two);
        assertThat(prompts.version(two.id(), 2)).isEmpty();

        assertThat(prompts.addVersion(next(one, 2, definition("other")), 1))
                .isEqualTo(Addition.DONE);
        assertThat(prompts.find("one")).isEmpty();
        assertThat(prompts.addVersion(next(two, 2, definition("one")), 1)).isEqualTo(Addition.DONE);
        assertThat(prompts.find("one").map(Prompt::id)).hasValue(two.id());
        assertThat(prompts.find("other").map(Prompt::id)).hasValue(one.id());
        assertThat(prompts.find("two")).isEmpty();
    }

    @Test
    void of_many_who_want_a_name_at_once_one_gets_it() throws Exception {
        var free = made(definition("free"));
        var results = new ArrayList<Future<Boolean>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                var first = first(definition("wanted"));
                results.add(threads.submit(() -> prompts.create(first)));
            }
            var rename = next(free, 2, definition("wanted"));
            results.add(threads.submit(() -> prompts.addVersion(rename, 1) == Addition.DONE));
        }
        assertThat(results).filteredOn(PromptStoreContract::isTrue).hasSize(1);
        assertThat(prompts.find("wanted")).isPresent();
    }

    private static boolean isTrue(Future<Boolean> result) {
        try {
            return result.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_version_is_added_to_the_one_that_was_seen_only() {
        var prompt = made(definition("a"));
        var second = next(prompt, 2, definition("a", "c", "second", List.of()));

        assertThat(prompts.addVersion(second, 1)).isEqualTo(Addition.DONE);

        assertThat(prompts.find(prompt.id()))
                .hasValue(
                        new Prompt(prompt.id(), 2, second.definition(), NOON, second.createdAt()));
        assertThat(prompts.addVersion(next(prompt, 2, definition("b")), 1))
                .isEqualTo(Addition.OVERTAKEN);
        assertThat(prompts.version(prompt.id(), 2)).hasValue(second);
        assertThat(prompts.version(prompt.id(), 1).map(PromptVersion::definition))
                .hasValue(prompt.definition());
        assertThat(prompts.addVersion(next(prompt, 3, definition("a")), 2))
                .isEqualTo(Addition.DONE);
        assertThat(prompts.versions(prompt.id(), 3, 1)).containsExactly(second);
        assertThat(prompts.versions(prompt.id(), Long.MAX_VALUE, 2))
                .extracting(PromptVersion::version)
                .containsExactly(3, 2);
    }

    @Test
    void prompts_are_found_by_text_category_and_tag() {
        var one = made(definition("one", "news", "Ärger 100% {{! x }}", List.of("Red", "blue_1")));
        var two = made(definition("two", "mail", "1000", List.of("redder")));

        assertThat(list(Optional.of("ÄRGER"), ANY, ANY)).containsExactly(one);
        assertThat(list(Optional.of("100%"), ANY, ANY)).containsExactly(one);
        assertThat(list(Optional.of("about TWO"), ANY, ANY)).containsExactly(two);
        assertThat(list(ANY, Optional.of("mail"), ANY)).containsExactly(two);
        assertThat(list(ANY, Optional.of("Mail"), ANY)).isEmpty();
        assertThat(list(ANY, ANY, Optional.of("red"))).containsExactly(one);
        assertThat(list(ANY, ANY, Optional.of("blue_1"))).containsExactly(one);
        assertThat(list(ANY, ANY, Optional.of("blue%"))).isEmpty();
        assertThat(list(Optional.of("1000"), Optional.of("news"), ANY)).isEmpty();

        prompts.addVersion(next(one, 2, definition("one", "mail", "new", List.of("green"))), 1);
        assertThat(list(Optional.of("ärger"), ANY, ANY)).isEmpty();
        assertThat(list(ANY, ANY, Optional.of("red"))).isEmpty();
        assertThat(list(ANY, Optional.of("mail"), ANY)).hasSize(2);
    }

    private List<Prompt> list(
            Optional<String> text, Optional<String> category, Optional<String> tag) {
        return prompts.list(new PromptQuery(text, category, tag, OptionalLong.empty(), 10));
    }

    @Test
    void the_newest_come_first_and_pages_go_on_below_an_id() {
        var one = made(definition("one"));
        var two = made(definition("two"));
        var three = made(definition("three"));

        assertThat(prompts.list(new PromptQuery(ANY, ANY, ANY, OptionalLong.empty(), 2)))
                .containsExactly(three, two);
        var rest = new PromptQuery(ANY, ANY, ANY, OptionalLong.of(two.id().value()), 2);
        assertThat(prompts.list(rest)).containsExactly(one);
    }

    @Test
    void a_deleted_prompt_leaves_nothing_behind_and_its_name_is_free() {
        var prompt = made(definition("a"));
        var kept = made(definition("b"));
        prompts.addVersion(next(prompt, 2, definition("a")), 1);

        assertThat(prompts.delete(prompt.id(), OptionalInt.of(1))).isFalse();
        assertThat(prompts.find(prompt.id())).isPresent();
        assertThat(prompts.delete(prompt.id(), OptionalInt.of(2))).isTrue();

        assertThat(prompts.find("a")).isEmpty();
        assertThat(prompts.versions(prompt.id(), Long.MAX_VALUE, 10)).isEmpty();
        assertThat(prompts.addVersion(next(prompt, 3, definition("a")), 2))
                .isEqualTo(Addition.OVERTAKEN);
        assertThat(prompts.delete(prompt.id(), OptionalInt.empty())).isFalse();
        made(definition("a"));
        assertThat(prompts.find("b")).hasValue(kept);
    }
}
