package carillon.action;

import static java.util.Objects.requireNonNull;

/// Runs the tasks that clients of the API `api` have put into the batch of this name, each once, in
/// the order in which they were made, `concurrency` at a time, from 1 to
/// [BatchFile#MAX_CONCURRENCY].
public record TaskBatch(String api, String batch, int concurrency) implements Action {
    public TaskBatch {
        requireNonNull(api, "api");
        requireNonNull(batch, "batch");
        if (concurrency < 1 || concurrency > BatchFile.MAX_CONCURRENCY) {
            throw new IllegalArgumentException("concurrency is 1 to " + BatchFile.MAX_CONCURRENCY);
        }
    }

    @Override
    public boolean conducts() {
        return true;
    }
}
