package carillon.console;

import carillon.run.RunId;
import carillon.run.RunState;
import carillon.task.TaskId;
import carillon.web.Call;
import carillon.web.Refusal;
import carillon.web.RefusedException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Reads what stands in the addresses of pages. People edit those: what makes no sense in a filter
/// is left out, and what names nothing is not found.
final class Inputs {
    /// The state of a list's filter that stands for all.
    static final String ALL = "";

    private static final long MAX_ID = (1L << 53) - 1;

    private Inputs() {}

    static TaskId taskId(Call call) {
        return id(call.path("id")).map(TaskId::new).orElseThrow(() -> none("task"));
    }

    static RunId runId(Call call) {
        return id(call.path("id")).map(RunId::new).orElseThrow(() -> none("run"));
    }

    static RefusedException none(String what) {
        return new RefusedException(
                Refusal.of(Refusal.Kind.NOT_FOUND, "There is no such " + what + "."));
    }

    static Optional<Long> id(String text) {
        if (!text.matches("[1-9][0-9]{0,15}")) {
            return Optional.empty();
        }
        long id = Long.parseLong(text);
        return id <= MAX_ID ? Optional.of(id) : Optional.empty();
    }

    /// Where the page before has ended.
    static OptionalLong before(Call call) {
        var id = call.query("before").flatMap(Inputs::id);
        return id.isPresent() ? OptionalLong.of(id.get()) : OptionalLong.empty();
    }

    /// What somebody has written into a field, without the blanks around it; empty when nothing.
    static String text(Call call, String name, int maxLength) {
        var text = call.query(name).map(String::strip).orElse("");
        return text.length() > maxLength ? text.substring(0, maxLength) : text;
    }

    /// The state that is asked for; [#ALL] when it is none.
    static String state(Call call) {
        return call.query("state")
                .flatMap(
                        word ->
                                Arrays.stream(RunState.values())
                                        .map(RunState::name)
                                        .filter(word::equalsIgnoreCase)
                                        .findFirst())
                .orElse(ALL);
    }

    /// As a query of runs has it.
    static Set<RunState> states(String state) {
        return state.equals(ALL) ? Set.of() : Set.of(RunState.valueOf(state));
    }
}
