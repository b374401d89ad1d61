package carillon.perform;

import carillon.batch.BatchStore;
import carillon.batch.Standing;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether a run is paused: where it is marked so itself, or one of the runs above it, which see to
/// it and to each other.
final class Pauses {
    private final BatchStore store;
    private final List<RunId> runs;

    private Pauses(BatchStore store, List<RunId> runs) {
        this.store = store;
        this.runs = List.copyOf(runs);
    }

    static Pauses of(Run run, RunStore runs, BatchStore store) {
        var all = new ArrayList<RunId>();
        var at = Optional.of(run);
        while (at.isPresent()) {
            all.add(at.get().id());
            at =
                    at.filter(one -> one.occasion().trigger().isSeenTo())
                            .flatMap(one -> one.occasion().parent())
                            .flatMap(runs::find);
        }
        return new Pauses(store, all);
    }

    boolean isPaused() {
        return store.of(runs).values().stream()
                .anyMatch(standing -> standing.mark() == Standing.Mark.PAUSED);
    }
}
