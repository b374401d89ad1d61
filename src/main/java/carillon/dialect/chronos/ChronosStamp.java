package carillon.dialect.chronos;

import carillon.perform.Stamp;
import carillon.run.Lease;
import java.util.Map;

/// The headers that Chronos promises on requests to its webhooks.
public final class ChronosStamp implements Stamp {
    @Override
    public Map<String, String> headers(Lease lease) {
        var run = lease.run();
        return Map.of(
                "X-Chronos-Job-ID", Codec.jobId(run.task()),
                "X-Chronos-Execution-ID", Codec.executionId(run.id()),
                "X-Chronos-Scheduled-Time", ExecutionView.scheduledTime(run).toString(),
                "X-Chronos-Attempt", Integer.toString(run.progress().attemptsUsed()));
    }
}
