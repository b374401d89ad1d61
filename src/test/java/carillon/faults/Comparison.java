package carillon.faults;

import carillon.json.TaskJson;
import carillon.run.Ledgers;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunQuery;
import carillon.run.RunState;
import carillon.run.Trigger;
import carillon.store.StoreSettings;
import carillon.store.Stores;
import carillon.task.Delivery;
import carillon.task.Task;
import carillon.task.TaskId;
import carillon.task.TaskLists;
import carillon.task.TaskQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/// What servers have written down beside what the outside world saw: every difference is a fault.
final class Comparison {
    private final List<Hit> hits;
    private final Map<RunId, Run> runs = new HashMap<>();
    private final Map<RunId, List<Hit>> hitsOf = new HashMap<>();
    private final Set<TaskId> atMostOnce = new HashSet<>();
    private final List<String> faults = new ArrayList<>();

    /// One request that came.
    record Hit(RunId run, int attempt, Instant at) {
        private static Hit of(String line) {
            var words = line.split(" ", -1);
            return new Hit(
                    new RunId(Long.parseLong(words[0].substring("msg_".length()))),
                    Integer.parseInt(words[2]),
                    Instant.ofEpochMilli(Long.parseLong(words[3])));
        }
    }

    private Comparison(List<Hit> hits) {
        this.hits = hits;
        hits.forEach(hit -> hitsOf.computeIfAbsent(hit.run, _ -> new ArrayList<>()).add(hit));
    }

    /// Compares the database, which nobody writes to any more, with the outside ledger's file, and
    /// with what was acknowledged to clients.
    static Comparison read(
            StoreSettings settings,
            Path log,
            Collection<Long> acknowledgedTasks,
            Collection<Long> acknowledgedRuns)
            throws IOException {
        var hits = Files.readAllLines(log).stream().map(Hit::of).toList();
        var comparison = new Comparison(hits);
        var lists = TaskLists.NONE;
        try (var stores = Stores.open(settings, TaskJson.codec(), lists, InstantSource.system())) {
            var everything =
                    new RunQuery(Optional.empty(), Set.of(), OptionalLong.empty(), 0, 10_000_000);
            stores.runs().list(everything).forEach(run -> comparison.runs.put(run.id(), run));
            comparison.checkAcknowledged(stores, acknowledgedTasks, acknowledgedRuns);
            comparison.checkLedgers(stores);
            stores.tasks().list(TaskQuery.newest(1_000_000)).stream()
                    .filter(Comparison::isAtMostOnce)
                    .forEach(task -> comparison.atMostOnce.add(task.id()));
        }
        comparison.checkRuns();
        comparison.checkHits();
        comparison.checkAtMostOnce();
        return comparison;
    }

    private void checkAcknowledged(
            Stores stores, Collection<Long> acknowledgedTasks, Collection<Long> acknowledgedRuns) {
        for (var id : acknowledgedTasks) {
            if (stores.tasks().find(new TaskId(id)).isEmpty()) {
                faults.add("task " + id + " was acknowledged and is lost");
            }
        }
        for (var id : acknowledgedRuns) {
            var run = runs.get(new RunId(id));
            if (run == null || !run.state().isFinal()) {
                faults.add("run " + id + " was acknowledged and is lost: " + run);
            }
        }
    }

    private void checkLedgers(Stores stores) {
        var ledgers = new Ledgers(stores.tasks(), stores.runs(), InstantSource.system());
        var now = InstantSource.system().instant();
        stores.tasks().list(TaskQuery.newest(1_000_000)).parallelStream()
                .flatMap(task -> unexplained(ledgers, task, now).stream())
                .forEachOrdered(faults::add);
    }

    private static Optional<String> unexplained(Ledgers ledgers, Task task, Instant now) {
        var balance = ledgers.balance(task.id(), task.createdAt(), now);
        boolean right = balance instanceof Ledgers.Balance.Struck(var ledger) && ledger.addsUp();
        return right
                ? Optional.empty()
                : Optional.of("task " + task.id() + " has unexplained slots: " + balance);
    }

    private void checkRuns() {
        var slots = new HashSet<Map.Entry<TaskId, Instant>>();
        for (var run : runs.values()) {
            var seen = hitsOf.getOrDefault(run.id(), List.of());
            if (run.state() == RunState.SUCCEEDED
                    && seen.stream().noneMatch(hit -> hit.attempt() == shown(run))) {
                faults.add(run + " says it succeeded, and was seen so: " + seen);
            }
            if (seen.size() > shown(run)) {
                faults.add("run " + run.id() + " was seen more often than it was attempted");
            }
            if (seen.stream().map(Hit::attempt).distinct().count() < seen.size()) {
                faults.add("an attempt of run " + run.id() + " was seen twice");
            }
            if (!run.state().isFinal()) {
                faults.add("run " + run.id() + " has not ended: " + run.state());
            }
            if (run.occasion().trigger() == Trigger.SCHEDULE
                    && !slots.add(Map.entry(run.task(), run.occasion().fireTime().orElseThrow()))) {
                faults.add("two runs for one slot: " + run);
            }
        }
    }

    private static boolean isAtMostOnce(Task task) {
        return task.definition().policies().delivery() == Delivery.AT_MOST_ONCE;
    }

    private void checkAtMostOnce() {
        for (var entry : hitsOf.entrySet()) {
            var run = runs.get(entry.getKey());
            if (run != null && atMostOnce.contains(run.task()) && entry.getValue().size() > 1) {
                faults.add("run " + run.id() + " of a task for at most once was seen again");
            }
        }
    }

    /// The attempt as the outside world is told it: numbers that were not used do not count.
    private static int shown(Run run) {
        return run.attempt() - run.progress().unused();
    }

    private void checkHits() {
        for (var id : hitsOf.keySet()) {
            if (!runs.containsKey(id)) {
                faults.add(id + " was seen and has no run");
            }
        }
    }

    /// How many faults are things acknowledged or seen, and not written down.
    long lost() {
        return faults.stream()
                .filter(fault -> fault.endsWith("no run") || fault.contains("is lost"))
                .count();
    }

    List<String> faults() {
        return List.copyOf(faults);
    }

    Collection<Run> runs() {
        return runs.values();
    }

    List<Hit> hits() {
        return hits;
    }

    /// How many runs were attempted again: at most those that a node held when it died.
    long rescued() {
        return runs.values().stream().filter(run -> shown(run) > 1).count();
    }

    /// How many runs were seen more than once.
    long doubled() {
        return hitsOf.values().stream().filter(seen -> seen.size() > 1).count();
    }

    /// How many runs ended so.
    long ended(RunState state) {
        return runs.values().stream().filter(run -> run.state() == state).count();
    }

    /// How long after its fire time each scheduled run that was seen was first seen, the shortest
    /// first. Without those for at most once that nobody took over, since their node was in the
    /// middle of them: what a stopped process was about to send goes out when it goes on.
    List<Duration> lateness() {
        return scheduled().map(this::lateness).sorted().toList();
    }

    /// The scheduled run that was first seen the latest, with what was seen of it.
    String latest() {
        return scheduled()
                .max(Comparator.comparing(this::lateness))
                .map(run -> run + ", seen: " + hitsOf.get(run.id()))
                .orElse("none");
    }

    private Stream<Run> scheduled() {
        return runs.values().stream()
                .filter(run -> run.occasion().trigger() == Trigger.SCHEDULE)
                .filter(run -> !run.progress().reason().startsWith("unknown: "))
                .filter(run -> hitsOf.containsKey(run.id()));
    }

    private Duration lateness(Run run) {
        var fireTime = run.occasion().fireTime().orElseThrow();
        return Duration.between(fireTime, hitsOf.get(run.id()).getFirst().at());
    }
}
