package carillon.engine;

import carillon.run.Performer;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/// What attempts are made with; `executor` gives each a thread of its own. `time` says when
/// something is due, and can be set; `ticker` how long something takes.
public record Means(
        Performer performer,
        Executor executor,
        InstantSource time,
        Ticker ticker,
        RandomGenerator dice) {
    /// With the ticker of the machine.
    public Means(Performer performer, Executor executor, InstantSource time, RandomGenerator dice) {
        this(performer, executor, time, System::nanoTime, dice);
    }
}
