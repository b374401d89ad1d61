package carillon.perform;

import carillon.action.Workflow;
import carillon.json.Json;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.workflow.StepState;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/// How the steps of one run of a workflow ended, for its own end.
final class StepTally {
    /// So many outputs of last steps are shown in that of the whole.
    private static final int MAX_SHOWN = 20;

    private final Map<StepState, Long> counts = new EnumMap<>(StepState.class);
    private Optional<String> firstFailed = Optional.empty();

    void count(String name, StepState state) {
        counts.merge(state, 1L, Long::sum);
        if (state == StepState.FAILED) {
            firstFailed = firstFailed.or(() -> Optional.of(name));
        }
    }

    ObjectNode output(int pass) {
        var output = Json.object();
        for (var state : StepState.values()) {
            if (state != StepState.OPEN) {
                output.put(state.name().toLowerCase(Locale.ROOT), counts.getOrDefault(state, 0L));
            }
        }
        if (pass > 0) {
            output.put("passes", pass);
        }
        output.putObject("outputs");
        return output;
    }

    Outcome succeeded(ObjectNode output) {
        return new Outcome.Succeeded(kept(output));
    }

    Outcome failed(ObjectNode output) {
        var reason = "step '" + firstFailed.orElse("?") + "' failed";
        return new Outcome.Failed(reason, Set.of(), kept(output), Optional.empty());
    }

    private static Output kept(ObjectNode output) {
        var text = KeptText.of(Json.write(output), Output.MAX_KEPT);
        return new Output(OptionalInt.empty(), "application/json", text.text(), text.cut());
    }

    /// The places of the steps on which no other depends, a few at most.
    static List<Integer> ends(Workflow workflow) {
        var before = new HashSet<Integer>();
        workflow.befores().forEach(before::addAll);
        return IntStream.range(0, workflow.steps().size())
                .filter(at -> !before.contains(at))
                .limit(MAX_SHOWN)
                .boxed()
                .toList();
    }
}
