package carillon.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PromptDiffTest {
    private static PromptVersion version(int number, String text, String... tags) {
        return new PromptVersion(
                new PromptId(1),
                number,
                new PromptDefinition("a", "", "", List.of(tags), text, List.of()),
                Instant.EPOCH,
                "me",
                OptionalInt.empty());
    }

    @Test
    void changed_added_and_removed_lines_are_told_with_their_numbers() {
        var diff =
                PromptDiff.of(
                                version(1, "one\ntwo\nthree\nfour\n"),
                                version(2, "one\n2\nthree\nfour\nfive\n", "new"))
                        .orElseThrow();

        assertThat(diff.fields()).containsExactly("tags", "text");
        assertThat(diff.changes())
                .containsExactly(
                        new PromptDiff.Change(2, List.of("two"), 2, List.of("2")),
                        new PromptDiff.Change(5, List.of(), 5, List.of("five")));
        assertThat(diff.unified())
                .startsWith("--- a version 1\n+++ a version 2\n@@ ")
                .contains("\n-two\n+2\n three\n four\n+five\n");
    }

    @Test
    void equal_versions_differ_in_nothing() {
        var diff = PromptDiff.of(version(1, "x\n"), version(2, "x\n")).orElseThrow();

        assertThat(diff.fields()).isEmpty();
        assertThat(diff.changes()).isEmpty();
        assertThat(diff.unified()).isEmpty();
    }

    @Test
    void the_changes_lead_from_one_text_to_the_other() {
        var dice = new Random(7);
        for (int round = 0; round < 500; round++) {
            var before = text(dice);
            var after = text(dice);
            var lines = new ArrayList<>(List.of(before.split("\n", -1)));
            var diff = PromptDiff.of(version(1, before), version(2, after)).orElseThrow();

            for (var change : diff.changes().reversed()) {
                int first = change.fromLine() - 1;
                var replaced = lines.subList(first, first + change.removed().size());
                assertThat(replaced).isEqualTo(change.removed());
                replaced.clear();
                lines.addAll(first, change.added());
            }

            assertThat(String.join("\n", lines)).isEqualTo(after);
        }
    }

    private static String text(Random dice) {
        var text = new StringBuilder("a");
        for (int i = dice.nextInt(12); i > 0; i--) {
            text.append('\n').append((char) ('a' + dice.nextInt(3)));
        }
        return text.toString();
    }

    @Test
    void texts_with_too_many_lines_are_not_compared() {
        var most = "x\n".repeat(PromptDiff.MAX_LINES - 1);

        assertThat(PromptDiff.of(version(1, most + "x"), version(2, most + "y"))).isPresent();
        assertThat(PromptDiff.of(version(1, "x"), version(2, most + "x\ny"))).isEmpty();
    }
}
