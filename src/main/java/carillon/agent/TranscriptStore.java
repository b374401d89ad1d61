package carillon.agent;

import java.util.List;

/// Keeps what agents said and did in runs, entry by entry. An entry is JSON, and is on disk before
/// the next step is done, so that an attempt that begins anew goes on where the last one was.
public interface TranscriptStore {
    /// All entries of a run, in their order.
    List<String> read(long run);

    /// Those from number `from` on, at most `limit`.
    List<String> read(long run, int from, int limit);

    /// Adds entry number `entry`, counted from 0. One that is there already stays as it is.
    void add(long run, int entry, String body);
}
