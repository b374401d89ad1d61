package carillon.dialect;

import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.task.TaskQuery;
import carillon.task.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;

/// The tasks as one dialect sees them: those that it can express, whichever API made them. Others
/// do not exist for it.
public final class Catalog {
    private static final int ROWS_AT_ONCE = 500;
    private static final int MAX_TRIES = 20;

    private final Tasks tasks;
    private final Predicate<TaskDefinition> expressible;

    public Catalog(Tasks tasks, Predicate<TaskDefinition> expressible) {
        this.tasks = tasks;
        this.expressible = expressible;
    }

    public Optional<Task> find(TaskId id) {
        return tasks.find(id).filter(task -> expressible.test(task.definition()));
    }

    /// A part of the list, newest first, and how long the whole list is.
    public record Page(List<Task> tasks, long total) {
        public Page {
            tasks = List.copyOf(tasks);
        }
    }

    /// At most `limit` tasks after the first `offset`. Reads every task once, because `total`
    /// counts only those that the dialect can express.
    public Page page(Optional<Boolean> paused, int offset, int limit) {
        var shown = new ArrayList<Task>();
        long total = 0;
        var before = OptionalLong.empty();
        while (true) {
            var rows = tasks.list(new TaskQuery(paused, Optional.empty(), before, 0, ROWS_AT_ONCE));
            for (var task : rows) {
                if (expressible.test(task.definition())) {
                    if (total >= offset && shown.size() < limit) {
                        shown.add(task);
                    }
                    total++;
                }
            }
            if (rows.size() < ROWS_AT_ONCE) {
                return new Page(shown, total);
            }
            before = OptionalLong.of(rows.getLast().id().value());
        }
    }

    /// Those not paused that have a fire time to come, the soonest first.
    public List<Task> nextToRun(int limit) {
        for (int rows = limit; ; rows *= 10) {
            var next = tasks.nextToRun(rows);
            var shown = next.stream().filter(task -> expressible.test(task.definition())).toList();
            if (shown.size() >= limit || next.size() < rows || rows >= limit * 1_000) {
                return shown.subList(0, Math.min(limit, shown.size()));
            }
        }
    }

    /// Makes what `rewrite` says a new version of the task. When somebody else's change comes
    /// between, the rewriting is done anew on what stands then; after many such races the answer is
    /// [Tasks.Changed.Conflict].
    public Tasks.Changed rewrite(
            TaskId id, Function<TaskDefinition, TaskDefinition> rewrite, String by) {
        Tasks.Changed changed = new Tasks.Changed.NotFound();
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            var task = find(id);
            if (task.isEmpty()) {
                return new Tasks.Changed.NotFound();
            }
            var definition = rewrite.apply(task.get().definition());
            changed = tasks.update(id, definition, OptionalInt.of(task.get().version()), by);
            if (!(changed instanceof Tasks.Changed.Conflict)) {
                return changed;
            }
        }
        return changed;
    }
}
