package carillon.store;

import static carillon.store.Columns.text;

import carillon.action.StepKey;
import carillon.audit.Change;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunEventStore;
import carillon.run.RunId;
import carillon.run.RunState;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// What runs are told, in SQL. All that has to do with one workflow's run goes one after the other,
/// by the lock of its row, as the writing of its steps does: so a step that begins to wait finds
/// what came before, and what comes after finds the step.
final class SqlRunEventStore implements RunEventStore {
    private final Database database;
    private final Ids ids;

    SqlRunEventStore(Foundation foundation) {
        this.database = foundation.database();
        this.ids = foundation.ids();
    }

    /// Changes nothing.
    private static final String LOCK =
            "UPDATE run SET attempt = attempt WHERE id = :id AND state IN ('QUEUED', 'RUNNING')";

    private static boolean lock(Transaction transaction, RunId workflow) {
        return transaction.update(LOCK).bind("id", workflow.value()).execute() == 1;
    }

    private static final String INSERT =
            """
            INSERT INTO run_event (id, run_id, name, body, told_at)
            VALUES (:id, :run, :name, :body, :at)
            """;

    static final String COUNT_KEPT =
            "SELECT count(*) FROM run_event WHERE run_id = :run AND taken_by IS NULL";

    static final String OLDEST =
            """
            SELECT id, body FROM run_event
             WHERE run_id = :run AND name = :name AND taken_by IS NULL
             ORDER BY id
             LIMIT 1
            """;

    private record Kept(long id, String body) {}

    private static Optional<Kept> oldest(Session session, RunId workflow, String name) {
        return session.query(OLDEST)
                .bind("run", workflow.value())
                .bind("name", name)
                .map((row, _) -> new Kept(row.getLong("id"), row.getString("body")))
                .findOne();
    }

    @Override
    public Told tell(RunId workflow, Set<Integer> places, NewEvent event) {
        long id = ids.next();
        return database.write(
                "tell run " + workflow + " of '" + event.name() + "'",
                transaction -> {
                    if (!lock(transaction, workflow)) {
                        return new Told.NotOpen();
                    }
                    long kept =
                            transaction
                                    .query(COUNT_KEPT)
                                    .bind("run", workflow.value())
                                    .mapTo(Long.class)
                                    .one();
                    if (kept >= MAX_KEPT) {
                        return new Told.TooMany();
                    }
                    transaction
                            .update(INSERT)
                            .bind("id", id)
                            .bind("run", workflow.value())
                            .bind("name", event.name())
                            .bind("body", text(event.body()))
                            .bind("at", event.at().toEpochMilli())
                            .execute();
                    transaction.audit(Change.of("run", "tell", workflow, "", event.name()));
                    return waiting(transaction, workflow, places)
                            .<Told>map(step -> taken(transaction, workflow, step, event))
                            .orElseGet(Told.Kept::new);
                });
    }

    static final String WAITING =
            """
            SELECT * FROM run
             WHERE parent = :parent AND step IS NOT NULL AND state IN ('QUEUED', 'RUNNING')
               AND NOT EXISTS (SELECT 1 FROM run_event WHERE run_event.taken_by = run.id)
             ORDER BY id
            """;

    private static Optional<Run> waiting(
            Transaction transaction, RunId workflow, Set<Integer> places) {
        if (places.isEmpty()) {
            return Optional.empty();
        }
        var open =
                transaction
                        .query(WAITING)
                        .bind("parent", workflow.value())
                        .map((row, _) -> RunRows.map(row))
                        .list();
        return open.stream()
                .filter(
                        run ->
                                run.occasion()
                                        .step()
                                        .map(StepKey::place)
                                        .filter(places::contains)
                                        .isPresent())
                .findFirst();
    }

    private static final String TAKE =
            "UPDATE run_event SET taken_by = :step WHERE id = :id AND taken_by IS NULL";

    private static void take(Transaction transaction, Kept event, RunId step) {
        transaction.update(TAKE).bind("id", event.id).bind("step", step.value()).execute();
    }

    private static Told taken(Transaction transaction, RunId workflow, Run step, NewEvent event) {
        var oldest = oldest(transaction, workflow, event.name()).orElseThrow();
        take(transaction, oldest, step.id());
        var output =
                oldest.body.isEmpty()
                        ? Output.NONE
                        : new Output(OptionalInt.empty(), "application/json", oldest.body, false);
        var reason = "'" + event.name() + "' has come";
        var ended =
                StepEnds.end(
                        transaction,
                        step.id(),
                        new StepEnds.End(RunState.SUCCEEDED, reason, output, event.at()));
        return new Told.Taken(ended.orElse(step));
    }

    static final String TAKEN = "SELECT body FROM run_event WHERE taken_by = :step";

    @Override
    public Optional<String> take(Run step, String name) {
        var workflow = step.occasion().parent().orElseThrow();
        return database.write(
                "look for '" + name + "' for run " + step.id(),
                transaction -> {
                    var before =
                            transaction
                                    .query(TAKEN)
                                    .bind("step", step.id().value())
                                    .mapTo(String.class)
                                    .findOne();
                    if (before.isPresent() || !lock(transaction, workflow)) {
                        return before;
                    }
                    var oldest = oldest(transaction, workflow, name);
                    oldest.ifPresent(event -> take(transaction, event, step.id()));
                    return oldest.map(Kept::body);
                });
    }
}
