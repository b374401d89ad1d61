package carillon.run;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.action.Nothing;
import carillon.run.Plan.Slot;
import carillon.schedule.Every;
import carillon.schedule.Timetable;
import carillon.task.MisfirePolicy;
import carillon.task.MisfirePolicy.Kind;
import carillon.task.Policies;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SlotDecisionTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void fire_times_within_the_horizon_become_runs_due_at_them() {
        var plan = decide(task(everySecond()), NOON, NOON.plusSeconds(2));

        assertThat(plan.slots())
                .containsExactly(
                        new Slot.Open(NOON, NOON),
                        new Slot.Open(NOON.plusSeconds(1), NOON.plusSeconds(1)),
                        new Slot.Open(NOON.plusSeconds(2), NOON.plusSeconds(2)));
        assertThat(plan.nextFireAt()).hasValue(NOON.plusSeconds(3));
        assertThat(plan.lookAgainAt()).hasValue(NOON.plusSeconds(3));
        assertThat(plan.runsAdded()).isEqualTo(3);
    }

    @Test
    void a_fire_time_that_is_a_little_late_simply_runs() {
        var now = NOON.plus(MisfirePolicy.GRACE);

        assertThat(decide(task(everyHour()), now, now).slots())
                .containsExactly(new Slot.Open(NOON, NOON));
    }

    @Test
    void after_a_pause_of_the_server_fire_once_runs_the_newest_missed_one() {
        var now = NOON.plusSeconds(60);
        var plan = decide(task(everySecond()), now, now);

        var missed = (Slot.Closed) plan.slots().getFirst();
        assertThat(missed.fireTime()).isEqualTo(NOON);
        assertThat(missed.lastFireTime()).isEqualTo(NOON.plusSeconds(53));
        assertThat(missed.count()).isEqualTo(54);
        assertThat(missed.state()).isEqualTo(RunState.MISSED);
        // The newest missed one, and those that are within the grace.
        assertThat(opened(plan)).hasSize(7).first().isEqualTo(NOON.plusSeconds(54));
    }

    @Test
    void the_skip_policy_misses_all_that_are_late() {
        var task = task(everySecond(), new MisfirePolicy(Kind.SKIP, 1, Duration.ofDays(1)));
        var now = NOON.plusSeconds(60);
        var plan = decide(task, now, now);

        assertThat(((Slot.Closed) plan.slots().getFirst()).count()).isEqualTo(55);
        assertThat(opened(plan)).first().isEqualTo(NOON.plusSeconds(55));
    }

    @Test
    void fire_all_runs_the_newest_up_to_its_limit_the_oldest_first() {
        var task = task(everyHour(), new MisfirePolicy(Kind.FIRE_ALL, 3, Duration.ofDays(1)));
        var now = NOON.plus(Duration.ofMinutes(6 * 60 + 30));
        var plan = decide(task, now, now);

        assertThat(((Slot.Closed) plan.slots().getFirst()).count()).isEqualTo(4);
        assertThat(opened(plan))
                .containsExactly(
                        NOON.plusSeconds(4 * 3600),
                        NOON.plusSeconds(5 * 3600),
                        NOON.plusSeconds(6 * 3600));
    }

    @Test
    void what_is_older_than_the_window_is_missed_with_a_reason_of_its_own() {
        var window = Duration.ofHours(2);
        var task = task(everyHour(), new MisfirePolicy(Kind.FIRE_ALL, 100, window));
        var now = NOON.plus(Duration.ofMinutes(6 * 60 + 30));
        var plan = decide(task, now, now);

        var missed = (Slot.Closed) plan.slots().getFirst();
        assertThat(missed.count()).isEqualTo(5);
        assertThat(missed.reason()).contains("older than the catch-up window");
        assertThat(opened(plan))
                .containsExactly(NOON.plusSeconds(5 * 3600), NOON.plusSeconds(6 * 3600));
    }

    @Test
    void a_long_absence_is_decided_in_pieces_that_leave_nothing_out() {
        var days = 400;
        var now = NOON.plus(Duration.ofDays(days));
        var account = replay(task(everyTenSeconds()), now);

        assertThat(account.closed + account.opened).isEqualTo(days * 8_640L + 1);
        assertThat(account.opened).isEqualTo(2); // The newest missed, and the one due just now.
        assertThat(account.rows).isLessThan(100);
    }

    @Test
    void slots_of_a_paused_task_are_skipped_up_to_now_and_no_further() {
        var now = NOON.plusSeconds(10);
        var plan = decide(paused(task(everySecond())), now, now.plusSeconds(60));

        assertThat(plan.slots())
                .containsExactly(new Slot.Closed(NOON, now, 11, RunState.SKIPPED, "paused"));
        assertThat(plan.nextFireAt()).hasValue(NOON.plusSeconds(11));
        assertThat(plan.lookAgainAt()).hasValue(now.plus(SlotDecision.PAUSED_STRIDE));
    }

    @Test
    void an_excluded_date_is_skipped_and_told() {
        var timetable =
                new Timetable(
                        new Every(Duration.ofDays(1), NOON),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        Set.of(LocalDate.parse("2026-01-01")));

        assertThat(decide(task(timetable), NOON, NOON).slots())
                .containsExactly(new Slot.Closed(NOON, NOON, 1, RunState.SKIPPED, "excluded date"));
    }

    @Test
    void the_schedule_ends_when_its_runs_are_used_up() {
        var timetable =
                new Timetable(
                        new Every(SECOND, NOON),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.of(2),
                        Set.of());
        var plan = decide(task(timetable), NOON, NOON.plusSeconds(10));

        assertThat(opened(plan)).containsExactly(NOON, NOON.plusSeconds(1));
        assertThat(plan.nextFireAt()).isEmpty();
        assertThat(plan.lookAgainAt()).isEmpty();
    }

    @Test
    void jitter_delays_a_run_by_the_same_part_each_time() {
        var definition = definition(everyHour(), MisfirePolicy.DEFAULT, Duration.ofMinutes(10));
        var task = task(definition, false, NOON, 0);
        var first = (Slot.Open) decide(task, NOON, NOON).slots().getFirst();
        var delay = Duration.between(first.fireTime(), first.dueAt());

        assertThat(delay).isBetween(Duration.ZERO, Duration.ofMinutes(10));
        var later = NOON.plusSeconds(3600);
        var second = decide(task(definition, false, later, 1), later, later).slots().getFirst();
        assertThat(((Slot.Open) second).dueAt()).isEqualTo(later.plus(delay));
    }

    /// How a task that nobody looked at since NOON is brought up to date, decision by decision.
    private static Account replay(Task task, Instant now) {
        long closed = 0;
        long opened = 0;
        int rows = 0;
        var current = task;
        while (!current.progress().nextFireAt().orElseThrow().isAfter(now)) {
            var plan = decide(current, now, now);
            rows += plan.slots().size();
            for (var slot : plan.slots()) {
                switch (slot) {
                    case Slot.Open _ -> opened++;
                    case Slot.Closed range -> closed += range.count();
                }
            }
            var next = plan.nextFireAt().orElseThrow();
            assertThat(next).isAfter(current.progress().nextFireAt().orElseThrow());
            current = task(current.definition(), false, next, opened);
        }
        return new Account(closed, opened, rows);
    }

    private record Account(long closed, long opened, int rows) {}

    private static Plan decide(Task task, Instant now, Instant until) {
        return SlotDecision.of(task, now, until);
    }

    private static List<Instant> opened(Plan plan) {
        var opened = new ArrayList<Instant>();
        for (var slot : plan.slots()) {
            if (slot instanceof Slot.Open open) {
                opened.add(open.fireTime());
            }
        }
        return opened;
    }

    private static Timetable everySecond() {
        return Timetable.of(new Every(SECOND, NOON));
    }

    private static Timetable everyTenSeconds() {
        return Timetable.of(new Every(Duration.ofSeconds(10), NOON));
    }

    private static Timetable everyHour() {
        return Timetable.of(new Every(Duration.ofHours(1), NOON));
    }

    private static Task task(Timetable timetable) {
        return task(timetable, MisfirePolicy.DEFAULT);
    }

    private static Task task(Timetable timetable, MisfirePolicy misfire) {
        return task(definition(timetable, misfire, Duration.ZERO), false, NOON, 0);
    }

    private static Task paused(Task task) {
        return task(task.definition(), true, NOON, 0);
    }

    private static Task task(TaskDefinition definition, boolean paused, Instant next, long runs) {
        var progress = new Task.Progress(Optional.of(next), Optional.empty(), runs);
        return new Task(new TaskId(7), "native", 1, definition, paused, NOON, NOON, progress);
    }

    private static TaskDefinition definition(
            Timetable timetable, MisfirePolicy misfire, Duration jitter) {
        var defaults = Policies.DEFAULT;
        var policies =
                new Policies(
                        defaults.retry(),
                        defaults.timeout(),
                        defaults.concurrency(),
                        misfire,
                        defaults.delivery(),
                        jitter,
                        defaults.priority());
        return new TaskDefinition(
                "every so often", "", Optional.of(timetable), new Nothing(), policies, Map.of());
    }
}
