package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.task.Task;
import carillon.task.TaskLists;
import carillon.task.TaskQuery;
import carillon.task.TaskStore;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the lists of tasks must show, whatever the database under them.
abstract class TaskListContract extends StoreContract {
    private static final Optional<Boolean> ALL = Optional.empty();

    private TaskStore tasks;

    TaskListContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void open() {
        tasks = stores().tasks();
    }

    @Test
    void a_list_holds_the_tasks_that_its_rule_holds_for_newest_first() {
        var first = Some.task(stores(), Some.definition("listed one"));
        Some.task(stores(), Some.definition("other"));
        var second = Some.task(stores(), Some.definition("listed two"));
        var third = Some.task(stores(), Some.definition("listed three"));

        assertThat(tasks.list(part(ALL, 0, 10))).containsExactly(third, second, first);
        assertThat(tasks.list(part(ALL, 1, 1))).containsExactly(second);
        assertThat(tasks.count(part(ALL, 1, 1))).isEqualTo(3);
        assertThat(tasks.list(TaskQuery.part("unknown", ALL, 0, 10))).isEmpty();
    }

    @Test
    void a_list_is_searched_and_paged_by_id_too() {
        Some.task(stores(), Some.definition("listed needle"));
        var second = Some.task(stores(), Some.definition("listed Needle two"));
        Some.task(stores(), Some.definition("listed straw"));
        var third = Some.task(stores(), Some.definition("listed needle three"));
        Some.task(stores(), Some.definition("needle"));

        var before = OptionalLong.of(third.id().value());
        var query = new TaskQuery(Optional.of(Some.LIST), ALL, Optional.of("NEEDLE"), before, 0, 1);

        assertThat(tasks.list(query)).containsExactly(second);
        assertThat(tasks.count(query)).isEqualTo(3);
    }

    @Test
    void the_paused_of_a_list_and_the_others_are_told_apart() {
        var paused = Some.task(stores(), Some.definition("listed paused"));
        var active = Some.task(stores(), Some.definition("listed active"));
        tasks.setPaused(paused.id(), true, NOON);

        assertThat(ids(part(Optional.of(true), 0, 10))).containsExactly(paused.id().value());
        assertThat(ids(part(Optional.of(false), 0, 10))).containsExactly(active.id().value());
        assertThat(tasks.count(part(Optional.of(true), 0, 10))).isEqualTo(1);
        assertThat(tasks.count(part(ALL, 0, 10))).isEqualTo(2);

        tasks.setPaused(paused.id(), false, NOON);

        assertThat(tasks.count(part(Optional.of(true), 0, 10))).isZero();
    }

    @Test
    void a_new_version_enters_and_leaves_the_list() {
        var task = Some.task(stores(), Some.definition("other"));
        tasks.setPaused(task.id(), true, NOON);

        tasks.addVersion(Some.version(task, 2, Some.definition("listed"), NOON), 1);

        assertThat(ids(part(Optional.of(true), 0, 10))).containsExactly(task.id().value());

        tasks.addVersion(Some.version(task, 3, Some.definition("other"), NOON), 2);

        assertThat(tasks.count(part(ALL, 0, 10))).isZero();
    }

    @Test
    void a_deleted_task_leaves_its_lists() {
        var task = Some.task(stores(), Some.definition("listed"));
        var kept = Some.task(stores(), Some.definition("listed too"));

        tasks.delete(task.id());

        assertThat(tasks.list(part(ALL, 0, 10))).containsExactly(kept);
        assertThat(tasks.count(part(ALL, 0, 10))).isEqualTo(1);
    }

    @Test
    void the_soonest_of_a_list_come_first() {
        var late = Some.task(stores(), Some.definition("listed late"), NOON.plusSeconds(9));
        Some.task(stores(), Some.definition("other"), NOON.minusSeconds(1));
        var soon = Some.task(stores(), Some.definition("listed soon"), NOON);
        var paused = Some.task(stores(), Some.definition("listed paused"), NOON);
        Some.task(stores(), Some.definition("listed later"), NOON.plusSeconds(10));
        tasks.setPaused(paused.id(), true, NOON);

        assertThat(tasks.nextToRun(Optional.of(Some.LIST), 2)).containsExactly(soon, late);
        assertThat(next(SqlTaskStore.NEXT_OF_LONG_LIST))
                .isEqualTo(next(SqlTaskStore.NEXT_OF_SHORT_LIST))
                .hasSize(3);
    }

    private List<Long> next(String statement) {
        return stores().database()
                .read(
                        "list what runs next",
                        session ->
                                session.query(statement)
                                        .bind("list", Some.LIST)
                                        .bind("limit", 10)
                                        .map((row, _) -> row.getLong("id"))
                                        .list());
    }

    /// More tasks than are read at once.
    @Test
    void a_rule_with_another_revision_fills_its_list_anew() {
        var listed = Some.task(stores(), Some.definition("listed"));
        for (int i = 0; i < 600; i++) {
            Some.task(stores(), Some.definition("other " + i));
        }
        var paused = Some.task(stores(), Some.definition("other still"));
        tasks.setPaused(paused.id(), true, NOON);

        fill(Some.lists(1, "other"));
        assertThat(ids(part(ALL, 0, 10))).containsExactly(listed.id().value());

        fill(Some.lists(2, "other"));
        assertThat(tasks.count(part(ALL, 0, 10))).isEqualTo(601);
        assertThat(ids(part(Optional.of(true), 0, 10))).containsExactly(paused.id().value());

        fill(TaskLists.NONE);
        assertThat(tasks.count(part(ALL, 0, 10))).isEqualTo(601);

        fill(Some.LISTS);
        assertThat(ids(part(ALL, 0, 10))).containsExactly(listed.id().value());
    }

    private void fill(TaskLists lists) {
        new TaskListings(lists).fill(stores().database(), new Definitions(Some.CODEC));
    }

    private List<Long> ids(TaskQuery query) {
        return tasks.list(query).stream().map(Task::id).map(id -> id.value()).toList();
    }

    private static TaskQuery part(Optional<Boolean> paused, int offset, int limit) {
        return TaskQuery.part(Some.LIST, paused, offset, limit);
    }
}
