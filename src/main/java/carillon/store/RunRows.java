package carillon.store;

import static carillon.store.Columns.instant;
import static carillon.store.Columns.optionalInstant;

import carillon.action.StepKey;
import carillon.cluster.Holder;
import carillon.run.Lease;
import carillon.run.Occasion;
import carillon.run.Progress;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunState;
import carillon.run.Trigger;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Rows of `run`: how they are written and read.
final class RunRows {
    private RunRows() {}

    static final String INSERT =
            """
            INSERT INTO run (id, task_id, version, trigger, fire_time, due_at, priority, parent,
                             step, state, attempt, max_attempts, node, epoch)
            SELECT given.id, given.task_id, given.version, given.trigger, given.fire_time,
                   given.due_at, given.priority, given.parent, given.step, 'QUEUED',
                   given.attempt, given.max_attempts, given.node, given.epoch
              FROM /* rows: id bigint, task_id bigint, version integer, trigger text, \
            fire_time bigint, due_at bigint, priority integer, parent bigint, step text, \
            attempt integer, max_attempts integer, node text, epoch bigint */
            """;

    /// For a fire time that may have a row already.
    static final String INSERT_IF_NEW =
            INSERT
                    + """
                      ON CONFLICT (fire_time, task_id) WHERE trigger = 'SCHEDULE' DO NOTHING
                      """;

    static void write(Rows.Fields fields, Run run) {
        var occasion = run.occasion();
        var progress = run.progress();
        fields.set("id", run.id().value());
        fields.set("task_id", run.task().value());
        fields.set("version", run.version());
        fields.set("trigger", occasion.trigger().name());
        fields.set("fire_time", occasion.fireTime());
        fields.set("due_at", occasion.dueAt().toEpochMilli());
        fields.set("priority", occasion.priority());
        fields.set("parent", occasion.parent().map(RunId::value).orElse(null));
        fields.set("step", occasion.step().map(StepKey::toString).orElse(null));
        fields.set("attempt", progress.attempt());
        fields.set("max_attempts", progress.maxAttempts());
        fields.set("node", progress.holder().map(Holder::node).orElse(null));
        fields.set("epoch", progress.holder().map(Holder::epoch).orElse(null));
    }

    /// A run that is about to be written: with a holder it is leased to it as attempt 1.
    static Run queued(
            RunId id,
            Definitions.Key version,
            Occasion occasion,
            int maxAttempts,
            Optional<Holder> holder) {
        int attempt = holder.isPresent() ? 1 : 0;
        var progress = Progress.fresh(RunState.QUEUED, attempt, maxAttempts, holder);
        var task = new TaskId(version.task());
        return new Run(id, task, version.version(), occasion, progress, 1, Optional.empty());
    }

    static Run map(ResultSet row) throws SQLException {
        return new Run(
                new RunId(row.getLong("id")),
                new TaskId(row.getLong("task_id")),
                row.getInt("version"),
                occasion(row),
                progress(row),
                row.getLong("count"),
                optionalInstant(row, "last_fire_time"));
    }

    private static Occasion occasion(ResultSet row) throws SQLException {
        long parent = row.getLong("parent");
        return new Occasion(
                Trigger.valueOf(row.getString("trigger")),
                optionalInstant(row, "fire_time"),
                instant(row, "due_at"),
                row.getInt("priority"),
                parent == 0 ? Optional.empty() : Optional.of(new RunId(parent)),
                step(row));
    }

    static Optional<StepKey> step(ResultSet row) throws SQLException {
        return Optional.ofNullable(row.getString("step")).flatMap(StepKey::read);
    }

    private static Progress progress(ResultSet row) throws SQLException {
        var node = Optional.ofNullable(row.getString("node"));
        long epoch = row.getLong("epoch");
        return new Progress(
                RunState.valueOf(row.getString("state")),
                row.getString("reason"),
                row.getInt("attempt"),
                row.getInt("max_attempts"),
                row.getInt("rescues"),
                row.getInt("unused"),
                node.map(name -> new Holder(name, epoch)),
                new Progress.Times(
                        optionalInstant(row, "started_at"),
                        optionalInstant(row, "attempt_started_at"),
                        optionalInstant(row, "finished_at")));
    }

    /// A run with the API that made its task.
    record Held(Run run, String origin) {
        static Held map(ResultSet row) throws SQLException {
            return new Held(RunRows.map(row), row.getString("origin"));
        }

        Definitions.Key key() {
            return RunRows.key(run);
        }
    }

    static Definitions.Key key(Run run) {
        return new Definitions.Key(run.task().value(), run.version());
    }

    /// The lease to a run of that version of its task, or of a step of it.
    static Lease lease(Run run, TaskDefinition definition, String origin, Holder holder) {
        var own = run.occasion().step().map(definition::ofStep).orElse(definition);
        return new Lease(run, own, origin, holder);
    }

    /// The leases to these runs, each held by its holder.
    static List<Lease> leases(Session session, Definitions definitions, List<Held> runs) {
        var known = definitions.find(session, runs.stream().map(Held::key).distinct().toList());
        var leases = new ArrayList<Lease>(runs.size());
        for (var held : runs) {
            var definition = known.get(held.key());
            if (definition == null) {
                throw new StoreException(
                        "run " + held.run().id() + " names a version that is gone");
            }
            var holder = held.run().progress().holder().orElseThrow();
            leases.add(lease(held.run(), definition, held.origin(), holder));
        }
        return leases;
    }
}
