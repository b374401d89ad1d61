package carillon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.action.Nothing;
import carillon.cluster.Holder;
import carillon.run.Lease;
import carillon.run.Occasion;
import carillon.run.Progress;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunState;
import carillon.run.Trigger;
import carillon.task.Policies;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DueQueueTest {
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
    private static final TaskId QUICK = new TaskId(1);
    private static final TaskId SLOW = new TaskId(2);

    private final DueQueue queue = new DueQueue();

    @Test
    void the_highest_priority_goes_first_then_the_longest_due_quick_or_not() {
        queue.add(
                List.of(
                        lease(1, QUICK, NOON, 5),
                        lease(2, SLOW, NOON.minusSeconds(1), 5),
                        lease(3, SLOW, NOON, 6)));

        assertThat(taken(new Some(1, 0))).containsExactly(3L);
        assertThat(taken(new Some(1, 0))).containsExactly(2L);
        assertThat(taken(new Some(1, 0))).containsExactly(1L);
    }

    @Test
    void a_kept_slot_is_for_quick_tasks_alone() {
        queue.add(
                List.of(
                        lease(1, SLOW, NOON.minusSeconds(2), 9),
                        lease(2, QUICK, NOON, 5),
                        lease(3, QUICK, NOON, 7)));

        assertThat(taken(new Some(0, 1))).containsExactly(3L);
        assertThat(taken(new Some(1, 1))).containsExactly(1L, 2L);
        assertThat(queue.size()).isZero();
    }

    @Test
    void what_is_not_due_is_not_taken() {
        queue.add(List.of(lease(1, QUICK, NOON.plusMillis(1), 5)));

        assertThat(taken(new Some(9, 9))).isEmpty();
        assertThat(queue.nextDue()).hasValue(NOON.plusMillis(1));
    }

    @Test
    void a_task_is_quick_after_an_attempt_of_a_second_until_two_in_a_row_take_longer() {
        var tasks = new QuickTasks();
        assertThat(tasks.contains(QUICK)).isFalse();

        tasks.ended(QUICK, Duration.ofSeconds(1));
        assertThat(tasks.contains(QUICK)).isTrue();

        tasks.ended(QUICK, Duration.ofMillis(1_001));
        tasks.ended(QUICK, Duration.ofMillis(1));
        tasks.ended(QUICK, Duration.ofMillis(1_001));
        assertThat(tasks.contains(QUICK)).isTrue();

        tasks.ended(QUICK, Duration.ofMillis(1_001));
        assertThat(tasks.contains(QUICK)).isFalse();
    }

    private List<Long> taken(DueQueue.Slots slots) {
        return queue.takeDue(NOON, slots).stream().map(lease -> lease.run().id().value()).toList();
    }

    private static final class Some implements DueQueue.Slots {
        private int open;
        private int kept;

        Some(int open, int kept) {
            this.open = open;
            this.kept = kept;
        }

        @Override
        public boolean isQuick(TaskId task) {
            return task.equals(QUICK);
        }

        @Override
        public boolean tryTake() {
            return open-- > 0;
        }

        @Override
        public boolean tryTakeKept() {
            return kept-- > 0;
        }
    }

    private static Lease lease(long id, TaskId task, Instant dueAt, int priority) {
        var occasion =
                new Occasion(
                        Trigger.SCHEDULE, Optional.of(dueAt), dueAt, priority, Optional.empty());
        var holder = new Holder("node", 1);
        var progress = Progress.fresh(RunState.QUEUED, 1, 1, Optional.of(holder));
        var run = new Run(new RunId(id), task, 1, occasion, progress, 1, Optional.empty());
        var definition =
                new TaskDefinition(
                        "a task", "", Optional.empty(), new Nothing(), Policies.DEFAULT, Map.of());
        return new Lease(run, definition, "native", holder);
    }
}
