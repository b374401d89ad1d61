package carillon.dialect;

import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.task.TaskQuery;
import carillon.task.Tasks;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;

/// The tasks as one dialect sees them: those that it can express, whichever API made them. Others
/// do not exist for it.
public final class Catalog {
    private static final int MAX_TRIES = 20;

    private final Tasks tasks;
    private final String list;
    private final Predicate<TaskDefinition> expressible;

    /// `list` is the name of the list of `tasks` that `expressible` is the rule of.
    public Catalog(Tasks tasks, String list, Predicate<TaskDefinition> expressible) {
        this.tasks = tasks;
        this.list = list;
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

    /// At most `limit` tasks after the first `offset`.
    public Page page(Optional<Boolean> paused, int offset, int limit) {
        var part = TaskQuery.part(list, paused, offset, limit);
        return new Page(tasks.list(part), tasks.count(part));
    }

    public long count() {
        return tasks.count(TaskQuery.part(list, Optional.empty(), 0, 0));
    }

    /// Those not paused that have a fire time to come, the soonest first.
    public List<Task> nextToRun(int limit) {
        return tasks.nextToRun(Optional.of(list), limit);
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
