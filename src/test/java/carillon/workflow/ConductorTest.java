package carillon.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import carillon.action.Condition;
import carillon.action.Nothing;
import carillon.action.Step;
import carillon.action.ValuePath;
import carillon.action.Workflow;
import carillon.action.Workflow.Shape;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ConductorTest {
    private static final Nothing NOTHING = new Nothing();

    private static Step step(String name, int order, Step.OnFailure onFailure, String... after) {
        return step(name, List.of(after), order, 0, Optional.empty(), onFailure);
    }

    private static Step step(
            String name,
            List<String> after,
            int order,
            int priority,
            Optional<Condition> when,
            Step.OnFailure onFailure) {
        return new Step(
                name,
                NOTHING,
                after,
                new Step.Rank(order, priority),
                when,
                Step.Feed.NOTHING,
                new Step.Tries(onFailure, OptionalInt.empty(), Optional.empty()));
    }

    private static Conductor conductor(Shape shape, Step... steps) {
        return new Conductor(new Workflow(shape, List.of(steps)), Map.of(), Map::of);
    }

    @Test
    void linear_steps_begin_one_by_one_in_their_order() {
        var first = step("first", 1, Step.OnFailure.STOP);
        var second = step("second", 2, Step.OnFailure.STOP);
        var conductor = conductor(Shape.LINEAR, second, first);
        assertThat(conductor.begin()).containsExactly(new Verdict.Begin(1));
        assertThat(conductor.ended(1, StepState.SUCCEEDED)).containsExactly(new Verdict.Begin(0));
        assertThat(conductor.isFinished()).isFalse();
        assertThat(conductor.ended(0, StepState.SUCCEEDED)).isEmpty();
        assertThat(conductor.isFinished()).isTrue();
        assertThat(conductor.hasFailed()).isFalse();
    }

    @Test
    void a_linear_workflow_stops_at_the_first_failure() {
        var conductor =
                conductor(
                        Shape.LINEAR,
                        step("a", 0, Step.OnFailure.STOP),
                        step("b", 1, Step.OnFailure.STOP),
                        step("c", 2, Step.OnFailure.STOP));
        conductor.begin();
        assertThat(conductor.ended(0, StepState.FAILED))
                .containsExactly(
                        new Verdict.Skip(1, "a step before it failed"),
                        new Verdict.Skip(2, "a step before it failed"));
        assertThat(conductor.isFinished()).isTrue();
        assertThat(conductor.hasFailed()).isTrue();
    }

    @Test
    void where_a_failure_may_pass_only_what_depends_on_it_is_skipped() {
        var conductor =
                conductor(
                        Shape.LINEAR,
                        step("a", 0, Step.OnFailure.CONTINUE),
                        step("b", 1, Step.OnFailure.STOP, "a"),
                        step("c", 2, Step.OnFailure.STOP));
        conductor.begin();
        assertThat(conductor.ended(0, StepState.FAILED))
                .containsExactly(
                        new Verdict.Skip(1, "depends on 'a', which failed"), new Verdict.Begin(2));
        conductor.ended(2, StepState.SUCCEEDED);
        assertThat(conductor.isFinished()).isTrue();
        assertThat(conductor.hasFailed()).isTrue();
    }

    @Test
    void ready_steps_begin_by_priority() {
        var low = Step.of("low", NOTHING);
        var high = step("h", List.of(), 0, 5, Optional.empty(), Step.OnFailure.STOP);
        assertThat(conductor(Shape.PARALLEL, low, high).begin())
                .containsExactly(new Verdict.Begin(1), new Verdict.Begin(0));
    }

    @Test
    void a_branch_whose_condition_fails_is_skipped_and_the_join_goes_on() {
        var above = score(Condition.Op.GT);
        var below = score(Condition.Op.LE);
        var workflow =
                new Workflow(
                        Shape.CONDITIONAL,
                        List.of(
                                step("up", List.of(), 0, 0, above, Step.OnFailure.STOP),
                                step("down", List.of(), 0, 0, below, Step.OnFailure.STOP),
                                Step.of("after down", NOTHING, "down"),
                                Step.of("join", NOTHING, "up", "after down")));
        var values = Map.of("input", Map.of("score", new BigDecimal("0.70")));
        var conductor = new Conductor(workflow, Map.of(), () -> values);
        assertThat(conductor.begin())
                .containsExactly(
                        new Verdict.Begin(0),
                        new Verdict.Skip(1, "its condition does not hold"),
                        new Verdict.Skip(2, "all that it depends on was skipped"));
        assertThat(conductor.ended(0, StepState.SUCCEEDED)).containsExactly(new Verdict.Begin(3));
    }

    private static Optional<Condition> score(Condition.Op op) {
        var path = ValuePath.of("input.score");
        return Optional.of(new Condition(path, op, Optional.of(new BigDecimal("0.5"))));
    }

    @Test
    void a_step_that_is_not_open_cannot_end() {
        var conductor = conductor(Shape.PARALLEL, Step.of("a", NOTHING));
        assertThatThrownBy(() -> conductor.ended(0, StepState.SUCCEEDED))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void after_any_crash_every_step_ends_once_and_none_begins_again() {
        for (int seed = 0; seed < 300; seed++) {
            playWithCrashes(new Random(seed));
        }
    }

    /// Only what is in `disk` outlives a crash.
    private static void playWithCrashes(Random dice) {
        var workflow = randomWorkflow(dice);
        var disk = new HashMap<Integer, StepState>();
        var begun = new HashSet<Integer>();
        var conductor = new Conductor(workflow, disk, Map::of);
        write(conductor.begin(), disk, begun);
        while (!conductor.isFinished()) {
            if (dice.nextInt(3) == 0) {
                conductor = new Conductor(workflow, disk, Map::of);
                write(conductor.begin(), disk, begun);
                continue;
            }
            var open = new ArrayList<Integer>();
            disk.forEach((step, state) -> addOpen(open, step, state));
            int step = open.get(dice.nextInt(open.size()));
            var end = dice.nextInt(6) == 0 ? StepState.FAILED : StepState.SUCCEEDED;
            disk.put(step, end);
            if (dice.nextBoolean()) { // The end is on disk, but nothing that it frees.
                conductor = new Conductor(workflow, disk, Map::of);
                write(conductor.begin(), disk, begun);
            } else {
                write(conductor.ended(step, end), disk, begun);
            }
        }
        assertThat(disk).hasSize(workflow.steps().size()).doesNotContainValue(StepState.OPEN);
        assertThat(conductor.hasFailed()).isEqualTo(disk.containsValue(StepState.FAILED));
    }

    private static void addOpen(List<Integer> open, int step, StepState state) {
        if (state == StepState.OPEN) {
            open.add(step);
        }
    }

    private static void write(
            List<Verdict> verdicts, Map<Integer, StepState> disk, Set<Integer> begun) {
        for (var verdict : verdicts) {
            boolean begins = verdict instanceof Verdict.Begin;
            assertThat(begun.add(verdict.step())).isTrue();
            disk.put(verdict.step(), begins ? StepState.OPEN : StepState.SKIPPED);
        }
    }

    private static Workflow randomWorkflow(Random dice) {
        var steps = new ArrayList<Step>();
        int size = 1 + dice.nextInt(12);
        for (int i = 0; i < size; i++) {
            var after = new ArrayList<String>();
            for (int before = 0; before < i; before++) {
                if (dice.nextInt(4) == 0) {
                    after.add("s" + before);
                }
            }
            var onFailure = dice.nextBoolean() ? Step.OnFailure.STOP : Step.OnFailure.CONTINUE;
            steps.add(step("s" + i, after, i, 0, Optional.empty(), onFailure));
        }
        return new Workflow(dice.nextBoolean() ? Shape.LINEAR : Shape.PARALLEL, steps);
    }

    private static Workflow booking() {
        var steps = new ArrayList<Step>();
        steps.add(Step.of("undo car", NOTHING).compensating("car"));
        steps.add(Step.of("hotel", NOTHING));
        steps.add(Step.of("undo hotel", NOTHING).compensating("hotel"));
        steps.add(Step.of("car", NOTHING, "hotel"));
        steps.add(Step.of("pay", NOTHING, "car"));
        return new Workflow(Shape.PARALLEL, steps);
    }

    @Test
    void after_a_failure_what_succeeded_is_undone_the_last_first() {
        var conductor = new Conductor(booking(), Map.of(), Map::of);
        assertThat(conductor.begin()).containsExactly(new Verdict.Begin(1));
        assertThat(conductor.ended(1, StepState.SUCCEEDED)).containsExactly(new Verdict.Begin(3));
        assertThat(conductor.ended(3, StepState.SUCCEEDED)).containsExactly(new Verdict.Begin(4));
        assertThat(conductor.ended(4, StepState.FAILED)).containsExactly(new Verdict.Begin(0));
        assertThat(conductor.isFinished()).isFalse();
        assertThat(conductor.ended(0, StepState.FAILED)).containsExactly(new Verdict.Begin(2));
        assertThat(conductor.ended(2, StepState.SUCCEEDED)).isEmpty();
        assertThat(conductor.isFinished()).isTrue();
        assertThat(conductor.hasFailed()).isTrue();
    }

    @Test
    void only_what_succeeded_is_undone() {
        var conductor = new Conductor(booking(), Map.of(), Map::of);
        conductor.begin();
        conductor.ended(1, StepState.SUCCEEDED);
        assertThat(conductor.ended(3, StepState.FAILED))
                .containsExactly(
                        new Verdict.Skip(4, "a step before it failed"),
                        new Verdict.Skip(0, "'car' has not succeeded"),
                        new Verdict.Begin(2));
    }

    @Test
    void what_failed_is_undone_where_a_part_of_it_succeeded() {
        var known = Map.of(1, StepState.SUCCEEDED, 3, StepState.FAILED);
        var conductor = new Conductor(booking(), known, Map::of, step -> step == 3);
        assertThat(conductor.begin())
                .containsExactly(
                        new Verdict.Skip(4, "a step before it failed"), new Verdict.Begin(0));
        assertThat(conductor.ended(0, StepState.SUCCEEDED)).containsExactly(new Verdict.Begin(2));
    }

    @Test
    void nothing_is_undone_where_nothing_failed() {
        var conductor = new Conductor(booking(), Map.of(), Map::of);
        conductor.begin();
        conductor.ended(1, StepState.SUCCEEDED);
        conductor.ended(3, StepState.SUCCEEDED);
        assertThat(conductor.ended(4, StepState.SUCCEEDED))
                .containsExactly(
                        new Verdict.Skip(0, "no step has failed"),
                        new Verdict.Skip(2, "no step has failed"));
        assertThat(conductor.isFinished()).isTrue();
        assertThat(conductor.hasFailed()).isFalse();
    }

    @Test
    void a_conductor_made_anew_in_the_middle_goes_on_undoing() {
        var done = StepState.SUCCEEDED;
        var known = new HashMap<>(Map.of(1, done, 3, done, 4, StepState.FAILED, 0, done));
        assertThat(new Conductor(booking(), known, Map::of).begin())
                .containsExactly(new Verdict.Begin(2));
        known.put(0, StepState.OPEN);
        var open = new Conductor(booking(), known, Map::of);
        assertThat(open.begin()).isEmpty();
        assertThat(open.ended(0, StepState.SUCCEEDED)).containsExactly(new Verdict.Begin(2));
    }

    @Test
    void compensations_that_make_no_sense_are_faults() {
        var steps =
                List.of(
                        Step.of("a", NOTHING),
                        Step.of("undo a", NOTHING).compensating("a"),
                        Step.of("again", NOTHING).compensating("a"),
                        Step.of("none", NOTHING).compensating("b"),
                        Step.of("undo undo", NOTHING).compensating("undo a"),
                        Step.of("late", NOTHING, "a").compensating("late"),
                        Step.of("after", NOTHING, "undo a"));
        assertThat(Workflow.faults(Shape.PARALLEL, steps).stream().map(Workflow.Fault::message))
                .containsExactly(
                        "another step compensates 'a'",
                        "compensates 'b', which is no step",
                        "compensates 'undo a', which is a compensation itself",
                        "compensates 'late', which is a compensation itself",
                        "compensates a step, and so can depend on none",
                        "depends on 'undo a', which is a compensation");
    }
}
