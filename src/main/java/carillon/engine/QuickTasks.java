package carillon.engine;

import carillon.task.TaskId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The tasks whose attempts on this node end within a second; one that takes longer may happen to
/// any, as on a busy machine, two in a row may not. Safe for use by many threads.
final class QuickTasks {
    static final Duration QUICK = Duration.ofSeconds(1);

    /// When more are quick, all must show it anew: some of those remembered may be gone.
    private static final int MAX_KNOWN = 100_000;

    private final Set<TaskId> known = ConcurrentHashMap.newKeySet();
    private final Set<TaskId> doubted = ConcurrentHashMap.newKeySet();

    void ended(TaskId task, Duration took) {
        if (took.compareTo(QUICK) > 0) {
            doubt(task);
            return;
        }
        boolean _ = doubted.remove(task);
        if (known.add(task) && known.size() > MAX_KNOWN) {
            known.clear();
            doubted.clear();
        }
    }

    private void doubt(TaskId task) {
        if (known.contains(task) && !doubted.add(task)) {
            known.remove(task);
            doubted.remove(task);
        }
    }

    boolean contains(TaskId task) {
        return known.contains(task);
    }
}
