package carillon.peers;

import java.time.Instant;
import java.util.List;

/// A scheduler with empty work. It is used once: jobs are stored, then it is started, and closed.
interface Contender extends AutoCloseable {
    /// The settings that it runs with, in its own words.
    String settings();

    /// Stores one job for each instant. None is done before [#start].
    void store(List<Instant> due) throws Exception;

    /// Begins to do what is due; each job calls [Done#one] when it is done.
    void start() throws Exception;

    /// Whether the ends of all jobs are on disk.
    boolean isSettled() throws Exception;

    @Override
    void close() throws Exception;
}
