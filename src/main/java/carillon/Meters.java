package carillon;

import carillon.engine.Engine;
import carillon.event.DiskWatch;
import carillon.metrics.Metrics;
import carillon.store.WriteFigures;

/// What a server shows of its engine and its store to Prometheus.
final class Meters {
    private Meters() {}

    static void add(Metrics metrics, Engine engine, WriteFigures written, DiskWatch disks) {
        for (var end : WriteFigures.ends()) {
            metrics.counter(
                    "carillon.runs.ended",
                    "Runs, by the state in which they ended.",
                    () -> written.events("run." + end),
                    "state",
                    end);
        }
        metrics.gauge(
                "carillon.runs.waiting",
                "Runs that this node holds and that have not begun.",
                engine::waiting);
        metrics.gauge(
                "carillon.disk.free.bytes",
                "Room left where this node writes, where least is left.",
                disks::free);
        metrics.counter("carillon.store.commits", "Transactions made durable.", written::commits);
        metrics.counter(
                "carillon.store.writes",
                "Writes in them; divided by the commits, the size of a batch.",
                written::writes);
        metrics.seconds(
                "carillon.store.commit",
                "What the transactions took.",
                written::commits,
                written::nanos);
        metrics.seconds(
                "carillon.store.purge",
                "Transactions that forget old runs and events.",
                written::purges,
                written::purgeNanos);
        metrics.gauge(
                "carillon.store.purge.longest.milliseconds",
                "The longest of them since the start.",
                () -> Math.ceilDiv(written.longestPurgeNanos(), 1_000_000));
    }
}
