package carillon.store;

import carillon.response.ResponseQuery;
import carillon.response.Search;
import carillon.run.RunQuery;
import carillon.run.RunState;
import carillon.task.TaskId;
import carillon.task.TaskQuery;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/// Statements that run often, or over much history, each with the index by which SQLite is to find
/// its rows.
final class HotStatements {
    private HotStatements() {}

    /// All of them.
    static Stream<Arguments> all() {
        return Stream.of(
                        statements(),
                        statementsAboutOneShots(),
                        statementsOfLists(),
                        statementsAboutMoney())
                .flatMap(each -> each);
    }

    private static Stream<Arguments> statements() {
        return Stream.of(
                Arguments.of("task_to_look_at", SqlSlotStore.VERSIONS_TO_LOOK_AT),
                Arguments.of("task_to_look_at", SqlSlotStore.TO_LOOK_AT),
                Arguments.of("task_to_look_at", SqlSlotStore.NEXT_LOOK),
                Arguments.of("task_to_look_at", SqlTaskStore.NEXT_TO_RUN),
                Arguments.of("run_to_claim", SqlLeaseStore.DUE_LEVELS),
                Arguments.of("run_to_claim", SqlLeaseStore.CLAIM_LEVEL),
                Arguments.of("run_to_claim", SqlLeaseStore.NEXT_DUE),
                Arguments.of("run_open", SqlLeaseStore.HELD_SINCE),
                Arguments.of("run_open", Rescue.HELD),
                Arguments.of("run_open", Rescue.FORGET),
                Arguments.of("run_open", StartGate.OPEN),
                Arguments.of("run_open", SqlRunStore.RUNNING),
                Arguments.of("run_open", SqlNodeStore.NODES),
                Arguments.of("run_of_task", SqlRunStore.LAST_ENDED),
                Arguments.of("run_of_task", SqlRunStore.SLOTS),
                Arguments.of("run_of_task", SqlRunStore.TALLY),
                Arguments.of("run_of_task", SqlRunStore.CUT),
                Arguments.of("run_of_task", PlanWriter.NEWEST_ROW),
                Arguments.of("run_of_task", HistoryPruner.TOO_MANY),
                Arguments.of("INTEGER PRIMARY KEY", HistoryPruner.BY_AGE),
                Arguments.of("INTEGER PRIMARY KEY", HistoryPruner.NEW_RUNS),
                Arguments.of("INTEGER PRIMARY KEY", AttemptEnds.FINISH),
                Arguments.of("INTEGER PRIMARY KEY", AttemptEnds.RETRY),
                Arguments.of("INTEGER PRIMARY KEY", PlanWriter.ADVANCE),
                Arguments.of("INTEGER PRIMARY KEY", SqlLeaseStore.FENCES),
                Arguments.of("INTEGER PRIMARY KEY", SqlRunStore.OUTPUTS),
                Arguments.of("INTEGER PRIMARY KEY", SqlEventStore.AFTER),
                Arguments.of("delivery_due", SqlDeliveryStore.CLAIM),
                Arguments.of("delivery_due", SqlDeliveryStore.NEXT_DUE),
                Arguments.of("delivery_of_owner", SqlDeliveryStore.OF_OWNER),
                Arguments.of("delivery_of_owner", HistoryPruner.TOO_MANY),
                Arguments.of("INTEGER PRIMARY KEY", SqlDeliveryStore.AGAIN),
                Arguments.of("INTEGER PRIMARY KEY", SqlDeliveryStore.FINISH),
                Arguments.of("response_of_run", SqlResponseStore.OF_RUN),
                Arguments.of("response_of_run", SqlRunStore.SPENDINGS),
                Arguments.of("response_of_task", SqlResponseStore.LAST_TEXT),
                Arguments.of("response_of_task", ResponseFilter.list(said(true, ""))),
                Arguments.of("response_of_model", ResponseFilter.list(said(false, "m"))),
                Arguments.of("INTEGER PRIMARY KEY", ResponseFilter.list(said(false, ""))),
                Arguments.of("VIRTUAL TABLE INDEX", ResponseFilter.foundBySqlite(said(true, "m"))),
                Arguments.of("run_of_task", RunFilter.list(query(true, Set.of()))),
                Arguments.of("run_of_task", RunFilter.count(query(true, Set.of()))),
                Arguments.of(
                        "run_not_succeeded", RunFilter.list(query(false, Set.of(RunState.FAILED)))),
                Arguments.of(
                        "run_not_succeeded",
                        RunFilter.list(query(false, Set.of(RunState.FAILED, RunState.MISSED)))));
    }

    private static Stream<Arguments> statementsAboutOneShots() {
        return Stream.of(
                Arguments.of("PRIMARY KEY (api=? AND client_id=?)", SqlOneShotStore.FIND),
                Arguments.of("client_task_of_task", SqlOneShotStore.NAMES),
                Arguments.of("run_of_task", SqlOneShotStore.NEWEST),
                Arguments.of("run_open", SqlOneShotStore.OPEN),
                Arguments.of("PRIMARY KEY (minute=?)", SqlEndStore.ALL),
                Arguments.of("PRIMARY KEY (minute>? AND minute<?)", SqlEndStore.BETWEEN));
    }

    private static Stream<Arguments> statementsAboutMoney() {
        return Stream.of(
                Arguments.of("sqlite_autoindex_reservation_1 (id=?", PurseBooks.CLOSE),
                Arguments.of("sqlite_autoindex_purse_1 (budget=?", PurseBooks.TAKE),
                Arguments.of("sqlite_autoindex_purse_1 (budget=?", SqlBudgetStore.STANDINGS),
                Arguments.of("purse_by_end", SqlBudgetStore.PRUNE),
                Arguments.of("response_of_task", SqlPastCosts.LATEST));
    }

    private static Stream<Arguments> statementsOfLists() {
        return Stream.of(
                Arguments.of("task_to_look_at", SqlTaskStore.NEXT_OF_LONG_LIST),
                Arguments.of("PRIMARY KEY (list=?)", SqlTaskStore.NEXT_OF_SHORT_LIST),
                Arguments.of("PRIMARY KEY (list=?)", TaskFilter.list(tasks(Optional.empty()))),
                Arguments.of("PRIMARY KEY (list=?)", TaskFilter.count(tasks(Optional.empty()))),
                Arguments.of("PRIMARY KEY (list=?)", TaskFilter.list(tasks(Optional.of(false)))),
                Arguments.of("task_listing_paused", TaskFilter.list(tasks(Optional.of(true)))),
                Arguments.of("task_listing_paused", TaskFilter.count(tasks(Optional.of(true)))),
                Arguments.of("PRIMARY KEY (list=? AND task_id=?)", TaskListings.DELETE),
                Arguments.of("INTEGER PRIMARY KEY", TaskTallies.COUNTED),
                Arguments.of("INTEGER PRIMARY KEY", TaskTallies.ADD_DAYS),
                Arguments.of("INTEGER PRIMARY KEY", TaskTallies.ADD_TOKENS),
                Arguments.of("run_open", SqlListedRuns.OPEN),
                Arguments.of("run_open", SqlListedRuns.COUNT),
                Arguments.of("PRIMARY KEY (task_id=? AND day=?)", SqlListedRuns.COUNT),
                Arguments.of("PRIMARY KEY (task_id=? AND day>?)", SqlListedRuns.ENDED),
                Arguments.of("PRIMARY KEY (task_id=? AND day>? AND day<?)", SqlListedRuns.OLD),
                Arguments.of("PRIMARY KEY (task_id=? AND day>?)", SqlListedRuns.FAULTS),
                Arguments.of("PRIMARY KEY (task_id=? AND day>?)", SqlListedRuns.TOKENS));
    }

    private static TaskQuery tasks(Optional<Boolean> paused) {
        return TaskQuery.part("some", paused, 0, 50);
    }

    static RunQuery query(boolean ofTask, Set<RunState> states) {
        var task = Optional.of(new TaskId(1)).filter(_ -> ofTask);
        return new RunQuery(task, states, OptionalLong.of(9), 0, 50);
    }

    static ResponseQuery said(boolean ofTask, String model) {
        return new ResponseQuery(
                Optional.of(new TaskId(1)).filter(_ -> ofTask),
                Optional.of(model).filter(name -> !name.isEmpty()),
                Search.read("hello"),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                50);
    }
}
