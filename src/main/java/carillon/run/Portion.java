package carillon.run;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.Set;

/// A part of a workflow that a run does: these `steps`, by name. All others count as done; what
/// they brought is what they brought in the run `of`, where there is one.
public record Portion(Optional<RunId> of, Set<String> steps) {
    public Portion {
        requireNonNull(of, "of");
        steps = Set.copyOf(steps);
    }
}
