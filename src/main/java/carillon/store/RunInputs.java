package carillon.store;

import static carillon.store.Columns.text;

import carillon.run.LeaseStore.NewRun;
import carillon.run.RunId;
import java.util.List;
import java.util.Optional;

/// What runs are given, in SQL.
final class RunInputs {
    private RunInputs() {}

    private static final String INSERT =
            "INSERT INTO run_input (run_id, body) VALUES (:run, :body)";

    static void add(Transaction transaction, List<NewRun> runs) {
        if (runs.stream().allMatch(run -> run.input().isEmpty())) {
            return;
        }
        var batch = transaction.batch(INSERT);
        for (var run : runs) {
            run.input()
                    .ifPresent(
                            input ->
                                    batch.bind("run", run.id().value())
                                            .bind("body", text(input))
                                            .add());
        }
        Session.run(batch);
    }

    private static final String FIND = "SELECT body FROM run_input WHERE run_id = :run";

    static Optional<String> find(Session session, RunId run) {
        return session.query(FIND).bind("run", run.value()).mapTo(String.class).findOne();
    }
}
