package carillon.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class RunStateTest {
    private static final Path DOCUMENT = Path.of("docs/states.md");

    @Test
    void every_state_can_be_reached_and_nothing_leaves_a_final_one() {
        var reached = EnumSet.noneOf(RunState.class);
        for (var state : RunState.values()) {
            if (state.isInitial()) {
                reach(state, reached);
            }
            assertThat(state.isFinal()).isEqualTo(state.successors().isEmpty());
        }
        assertThat(reached).containsExactlyInAnyOrder(RunState.values());
    }

    private static void reach(RunState state, EnumSet<RunState> reached) {
        if (reached.add(state)) {
            state.successors().forEach(next -> reach(next, reached));
        }
    }

    @Test
    void the_document_says_what_the_table_says() throws IOException {
        if (Boolean.getBoolean("write.documents")) {
            Files.writeString(DOCUMENT, document());
        }
        assertThat(Files.readString(DOCUMENT))
                .as("made by ./mvnw test -Dtest=RunStateTest -Dwrite.documents=true")
                .isEqualTo(document());
    }

    private static String document() {
        var text = new StringBuilder();
        text.append("# The states of a run\n\n");
        text.append("Made from `carillon.run.RunState`; a test keeps it true.\n\n");
        text.append("| state | a row can begin in it | may be followed by |\n");
        text.append("|---|---|---|\n");
        for (var state : RunState.values()) {
            var next = new TreeSet<>(state.successors());
            text.append("| ").append(state);
            text.append(" | ").append(state.isInitial() ? "yes" : "no");
            text.append(" | ").append(next.isEmpty() ? "nothing: final" : join(next));
            text.append(" |\n");
        }
        return text.toString();
    }

    private static String join(Iterable<RunState> states) {
        var names = new java.util.StringJoiner(", ");
        states.forEach(state -> names.add(state.name()));
        return names.toString();
    }
}
