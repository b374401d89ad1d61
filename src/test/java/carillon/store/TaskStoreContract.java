package carillon.store;

import static carillon.store.Some.MINUTE;
import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.run.Plan;
import carillon.run.RunQuery;
import carillon.schedule.Every;
import carillon.schedule.Timetable;
import carillon.task.Policies;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.task.TaskQuery;
import carillon.task.TaskStore;
import carillon.task.TaskVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every task store must do, whatever the database under it.
abstract class TaskStoreContract extends StoreContract {
    private TaskStore tasks;

    TaskStoreContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void open() {
        tasks = stores().tasks();
    }

    @Test
    void a_task_is_read_as_it_was_written() {
        var task = Some.task(stores(), Some.definition("one"));

        assertThat(tasks.find(task.id())).hasValue(task);
        assertThat(tasks.find(new TaskId(1))).isEmpty();
        assertThat(tasks.versions(task.id()))
                .containsExactly(Some.version(task, 1, task.definition(), NOON.minusMillis(1)));
    }

    @Test
    void ids_grow() {
        var first = tasks.newId();
        time().set(NOON.plus(Duration.ofHours(1)));
        var second = tasks.newId();
        time().set(NOON);

        assertThat(second.value()).isGreaterThan(first.value());
        assertThat(tasks.newId().value()).isGreaterThan(second.value());
        assertThat(second.value()).isLessThan(1L << 53);
    }

    @Test
    void tasks_are_listed_newest_first_and_paged_by_id_or_offset() {
        var first = Some.task(stores(), Some.definition("first"));
        var second = Some.task(stores(), Some.definition("second"));
        var third = Some.task(stores(), Some.definition("third"));

        assertThat(tasks.list(TaskQuery.newest(2))).containsExactly(third, second);
        assertThat(tasks.list(query("", Optional.empty(), third.id(), 0)))
                .containsExactly(second, first);
        assertThat(tasks.list(query("", Optional.empty(), new TaskId(Long.MAX_VALUE), 2)))
                .containsExactly(first);
    }

    @Test
    void text_is_found_in_names_and_descriptions_without_case() {
        var found = Some.task(stores(), Some.definition("Ärger 100%"));
        Some.task(stores(), Some.definition("Ordnung 1000"));

        for (var text : List.of("ÄRGER", "100%", "about ä")) {
            assertThat(tasks.list(query(text))).as(text).containsExactly(found);
            assertThat(tasks.count(query(text))).as(text).isEqualTo(1);
        }
        assertThat(tasks.list(query("_"))).isEmpty();
    }

    @Test
    void the_paused_and_the_others_are_told_apart() {
        var paused = Some.task(stores(), Some.definition("paused"));
        var active = Some.task(stores(), Some.definition("active"));
        tasks.setPaused(paused.id(), true, NOON);

        assertThat(tasks.list(query("", Optional.of(true))))
                .extracting(Task::id)
                .containsExactly(paused.id());
        assertThat(tasks.count(query("", Optional.of(false)))).isEqualTo(1);
        assertThat(tasks.nextToRun(Optional.empty(), 10)).containsExactly(active);
    }

    @Test
    void the_soonest_to_run_come_first() {
        var late = Some.task(stores(), Some.definition("late"), NOON.plusSeconds(9));
        var soon = Some.task(stores(), Some.definition("soon"), NOON);
        Some.task(stores(), Some.definition("later"), NOON.plusSeconds(10));

        assertThat(tasks.nextToRun(Optional.empty(), 2)).containsExactly(soon, late);
    }

    @Test
    void a_new_version_with_the_same_schedule_goes_on_where_it_stands() {
        var task = planned(Some.task(stores(), Some.definition("before")));

        assertThat(tasks.addVersion(version(task, 2, "after", Some.everyMinute(), NOON), 1))
                .isTrue();

        var changed = tasks.find(task.id()).orElseThrow();
        assertThat(changed.version()).isEqualTo(2);
        assertThat(changed.definition().name()).isEqualTo("after");
        assertThat(changed.progress()).isEqualTo(task.progress());
        assertThat(tasks.list(query("after"))).containsExactly(changed);
        assertThat(tasks.list(query("before"))).isEmpty();
    }

    @Test
    void a_new_schedule_starts_after_the_newest_planned_fire_time() {
        var task = planned(Some.task(stores(), Some.definition("one")));
        var every = Timetable.of(new Every(Duration.ofSeconds(10), NOON));

        tasks.addVersion(version(task, 2, "one", every, NOON.minusSeconds(25)), 1);

        assertThat(tasks.find(task.id()).orElseThrow().progress().nextFireAt())
                .hasValue(NOON.plusSeconds(10));
        assertThat(tasks.version(task.id(), 2).orElseThrow().firesAfter()).isEqualTo(NOON);
        assertThat(stores().slots().nextLook()).hasValue(NOON.plusSeconds(10));
        assertThat(tasks.versionAt(task.id(), NOON)).hasValue(1);
        assertThat(tasks.versionAt(task.id(), NOON.plusMillis(1))).hasValue(2);
        assertThat(tasks.versionAt(task.id(), NOON.minusMillis(1))).isEmpty();
    }

    @Test
    void a_task_without_a_schedule_has_no_next_fire_time() {
        var task = Some.task(stores(), Some.definition("one"));
        var none =
                new TaskDefinition(
                        "one",
                        "",
                        Optional.empty(),
                        task.definition().action(),
                        Policies.DEFAULT,
                        Map.of());

        tasks.addVersion(Some.version(task, 2, none, NOON), 1);

        assertThat(tasks.find(task.id()).orElseThrow().progress().nextFireAt()).isEmpty();
        assertThat(stores().slots().nextLook()).isEmpty();
    }

    @Test
    void a_change_of_a_version_that_is_no_longer_in_force_is_refused() {
        var task = Some.task(stores(), Some.definition("one"));
        tasks.addVersion(version(task, 2, "two", Some.everyMinute(), NOON), 1);

        assertThat(tasks.addVersion(version(task, 2, "other", Some.everyMinute(), NOON), 1))
                .isFalse();
        assertThat(tasks.versions(task.id()))
                .extracting(TaskVersion::version)
                .containsExactly(2, 1);
        tasks.delete(task.id());
        assertThat(tasks.addVersion(version(task, 3, "three", Some.everyMinute(), NOON), 2))
                .isFalse();
    }

    @Test
    void a_rollback_remembers_where_it_came_from() {
        var task = Some.task(stores(), Some.definition("one"));
        var back =
                new TaskVersion(
                        task.id(), 2, task.definition(), NOON, NOON, "me", OptionalInt.of(1));

        tasks.addVersion(back, 1);

        assertThat(tasks.version(task.id(), 2)).hasValue(back);
        assertThat(tasks.version(task.id(), 3)).isEmpty();
    }

    @Test
    void a_paused_task_is_looked_at_from_its_next_fire_time_on() {
        var task = Some.task(stores(), Some.definition("one"));
        var later = Optional.of(NOON.plusSeconds(3600));
        stores().slots().planOne(task.id(), _ -> new Plan(List.of(), Optional.of(NOON), later, 0));

        assertThat(tasks.setPaused(task.id(), true, NOON.plusSeconds(1))).isTrue();

        var paused = tasks.find(task.id()).orElseThrow();
        assertThat(paused.paused()).isTrue();
        assertThat(paused.updatedAt()).isEqualTo(NOON.plusSeconds(1));
        assertThat(stores().slots().nextLook()).hasValue(NOON);
        assertThat(tasks.setPaused(task.id(), false, NOON.plusSeconds(2))).isTrue();
        assertThat(tasks.find(task.id()).orElseThrow().paused()).isFalse();
        assertThat(tasks.setPaused(new TaskId(1), true, NOON)).isFalse();
    }

    @Test
    void a_deleted_task_leaves_nothing_behind() {
        var holder = Some.join(stores(), "a");
        var task = Some.task(stores(), Some.definition("one"));
        Some.leased(stores(), task, holder, NOON);
        var kept = Some.task(stores(), Some.definition("two"));
        Some.leased(stores(), kept, holder, NOON);

        assertThat(tasks.delete(task.id())).isTrue();

        assertThat(tasks.find(task.id())).isEmpty();
        assertThat(tasks.versions(task.id())).isEmpty();
        var all = new RunQuery(Optional.empty(), Set.of(), OptionalLong.empty(), 0, 10);
        assertThat(stores().runs().list(all))
                .extracting(run -> run.task())
                .containsExactly(kept.id());
        assertThat(tasks.delete(task.id())).isFalse();
    }

    /// The task after its first fire time has been planned.
    private Task planned(Task task) {
        stores().slots().planOne(task.id(), Some::planNext);
        var planned = tasks.find(task.id()).orElseThrow();
        assertThat(planned.progress().nextFireAt()).hasValue(NOON.plus(MINUTE));
        return planned;
    }

    private static TaskVersion version(
            Task task, int number, String name, Timetable timetable, Instant firesAfter) {
        var definition =
                new TaskDefinition(
                        name,
                        "",
                        Optional.of(timetable),
                        task.definition().action(),
                        Policies.DEFAULT,
                        Map.of());
        return Some.version(task, number, definition, firesAfter);
    }

    private static TaskQuery query(String text) {
        return query(text, Optional.empty());
    }

    private static TaskQuery query(String text, Optional<Boolean> paused) {
        return query(text, paused, new TaskId(Long.MAX_VALUE), 0);
    }

    private static TaskQuery query(
            String text, Optional<Boolean> paused, TaskId before, int offset) {
        var wanted = Optional.of(text).filter(one -> !one.isEmpty());
        return new TaskQuery(
                Optional.empty(), paused, wanted, OptionalLong.of(before.value()), offset, 10);
    }
}
