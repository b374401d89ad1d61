package carillon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.run.Lease;
import carillon.run.Ledgers;
import carillon.run.Outcome;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunQuery;
import carillon.run.RunState;
import carillon.run.RunStore;
import carillon.run.Trigger;
import carillon.task.ConcurrencyPolicy;
import carillon.task.Delivery;
import carillon.task.Task;
import carillon.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// What must hold of the ledger at every moment, whatever happened: the model that the simulation
/// compares the store with.
final class LedgerModel {
    static final int EVERYTHING = 1_000_000;
    private static final Set<RunState> OPEN =
            Arrays.stream(RunState.values())
                    .filter(state -> !state.isFinal())
                    .collect(Collectors.toUnmodifiableSet());

    private final RunStore runs;
    private final Ledgers ledgers;
    private final Map<RunId, Run> seen = new HashMap<>();
    private final Map<RunId, List<Performed>> performed = new HashMap<>();

    /// An attempt as the outside world saw it.
    private record Performed(int attempt, boolean succeeded) {}

    LedgerModel(RunStore runs, Ledgers ledgers) {
        this.runs = runs;
        this.ledgers = ledgers;
    }

    /// The world sees an attempt.
    void performed(Lease lease, Outcome outcome, Instant now) {
        var run = lease.run();
        assertThat(run.dueAt())
                .as("run %s is not performed early", run.id())
                .isBeforeOrEqualTo(now);
        var attempts = performed.computeIfAbsent(run.id(), _ -> new ArrayList<>());
        assertThat(attempts)
                .as("attempt %s of run %s is performed once", run.attempt(), run.id())
                .noneMatch(earlier -> earlier.attempt == run.attempt());
        if (lease.definition().policies().delivery() == Delivery.AT_MOST_ONCE) {
            assertThat(attempts).as("run %s is at most once", run.id()).isEmpty();
        }
        attempts.add(new Performed(run.attempt(), outcome instanceof Outcome.Succeeded));
    }

    /// Compares the store with what may be, and remembers it: the newest `depth` rows.
    void check(List<Task> tasks, int depth) {
        var newest = rows(Optional.empty(), Set.of(), depth);
        newest.forEach(this::checkRow);
        var byTask = newest.stream().collect(Collectors.groupingBy(Run::task));
        for (var task : tasks) {
            var rows = byTask.getOrDefault(task.id(), List.of());
            checkSlotsAreDistinct(task, rows);
            checkOverlap(task, rows);
        }
    }

    void checkLedgers(List<Task> tasks, Instant now) {
        tasks.forEach(task -> checkLedger(task, now));
    }

    private List<Run> rows(Optional<TaskId> task, Set<RunState> states, int depth) {
        return runs.list(new RunQuery(task, states, OptionalLong.empty(), 0, depth));
    }

    private void checkRow(Run run) {
        var before = seen.put(run.id(), run);
        if (before == null) {
            return;
        }
        assertThat(canBecome(before.state(), run.state()))
                .as("run %s goes from %s to %s", run.id(), before.state(), run.state())
                .isTrue();
        assertThat(run.attempt())
                .as("the attempt of run %s never falls", run.id())
                .isGreaterThanOrEqualTo(before.attempt());
        if (run.state() == RunState.SUCCEEDED) {
            assertThat(performed.getOrDefault(run.id(), List.of()))
                    .as("run %s succeeded by its attempt %s", run.id(), run.attempt())
                    .contains(new Performed(run.attempt(), true));
        }
    }

    private static boolean canBecome(RunState from, RunState to) {
        var reached = EnumSet.of(from);
        boolean grew = from != to;
        while (grew) {
            var next = EnumSet.copyOf(reached);
            reached.forEach(state -> next.addAll(state.successors()));
            grew = !next.equals(reached);
            reached = next;
        }
        return reached.contains(to);
    }

    private static void checkSlotsAreDistinct(Task task, List<Run> rows) {
        var slots =
                rows.stream()
                        .filter(run -> run.occasion().trigger() == Trigger.SCHEDULE)
                        .sorted(
                                Comparator.comparing(
                                        run -> run.occasion().fireTime().orElseThrow()))
                        .toList();
        var end = Instant.MIN;
        for (var run : slots) {
            var first = run.occasion().fireTime().orElseThrow();
            assertThat(first).as("task %s: one row a slot", task.id()).isAfter(end);
            end = run.lastFireTime().orElse(first);
        }
    }

    private static void checkOverlap(Task task, List<Run> rows) {
        if (task.definition().policies().concurrency() != ConcurrencyPolicy.ALLOW) {
            assertThat(rows)
                    .as("task %s runs one at a time", task.id())
                    .filteredOn(run -> run.state() == RunState.RUNNING)
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    private void checkLedger(Task task, Instant now) {
        var balance = ledgers.balance(task.id(), task.createdAt(), now.plusSeconds(3600));
        assertThat(balance).isInstanceOf(Ledgers.Balance.Struck.class);
        var ledger = ((Ledgers.Balance.Struck) balance).ledger();
        assertThat(ledger.addsUp()).as("the ledger of task %s: %s", task.id(), ledger).isTrue();
    }

    /// After a calm: every row has come to its end, and every success that the world saw of a run
    /// that nobody cancelled is on the books.
    void checkAllEnded(List<Task> tasks) {
        for (var task : tasks) {
            assertThat(rows(Optional.of(task.id()), Set.of(), EVERYTHING))
                    .as("all runs of task %s have ended", task.id())
                    .allMatch(run -> run.state().isFinal());
        }
    }

    boolean haveAllEnded() {
        return rows(Optional.empty(), OPEN, 1).isEmpty();
    }

    /// How many attempts the world has seen.
    int attempts() {
        return performed.values().stream().mapToInt(List::size).sum();
    }

    Set<RunId> runsSeen() {
        return new HashSet<>(seen.keySet());
    }
}
