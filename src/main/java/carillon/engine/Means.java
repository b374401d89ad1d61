package carillon.engine;

import carillon.run.Performer;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/// What attempts are made with; `executor` gives each a thread of its own.
public record Means(
        Performer performer, Executor executor, InstantSource time, RandomGenerator dice) {}
