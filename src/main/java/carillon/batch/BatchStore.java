package carillon.batch;

import carillon.run.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How far the batches of runs are, for all nodes to see. Each method is one transaction.
public interface BatchStore {
    /// Writes it, but for a mark that somebody has set in the meantime: [Standing.Mark#PAUSED]
    /// stays until [#resume], [Standing.Mark#WHOLE] for ever. Returns the mark as it stands then.
    Standing.Mark write(RunId run, Standing standing);

    Optional<Standing> find(RunId run);

    /// Those that have one.
    Map<RunId, Standing> of(List<RunId> runs);

    /// Marks the batch of a run that has not ended; returns false when there is none, or it is
    /// whole.
    boolean pause(RunId run, Instant now);

    /// Takes the mark of the pause away, and makes the run due, and those below it that have found
    /// it paused. Returns false when it was not paused.
    boolean resume(RunId run, Instant now);
}
