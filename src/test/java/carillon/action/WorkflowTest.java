package carillon.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import carillon.action.Workflow.Fault;
import carillon.action.Workflow.Shape;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkflowTest {
    private static final Nothing NOTHING = new Nothing();

    @Test
    void cycles_strangers_and_twins_are_faults() {
        var cycle = List.of(Step.of("a", NOTHING, "b"), Step.of("b", NOTHING, "a"));
        assertThat(Workflow.faults(Shape.PARALLEL, cycle))
                .containsExactly(
                        new Fault(
                                Optional.of(0), "waits for itself: its dependencies form a cycle"));
        assertThatThrownBy(() -> new Workflow(Shape.PARALLEL, cycle))
                .isInstanceOf(IllegalArgumentException.class);
        var strange = List.of(Step.of("a", NOTHING, "x"), Step.of("a", NOTHING));
        assertThat(Workflow.faults(Shape.PARALLEL, strange))
                .extracting(Fault::message)
                .containsExactly(
                        "another step has the name 'a'", "depends on 'x', which is no step");
        assertThat(Workflow.faults(Shape.PARALLEL, List.of())).isEmpty();
    }

    @Test
    void a_dependency_against_the_order_is_a_fault_in_a_linear_workflow_only() {
        var steps = List.of(Step.of("a", NOTHING, "b"), Step.of("b", NOTHING));
        assertThat(Workflow.faults(Shape.LINEAR, steps)).hasSize(1);
        assertThat(Workflow.faults(Shape.PARALLEL, steps)).isEmpty();
    }

    @Test
    void as_many_steps_as_are_allowed_in_one_chain_are_no_fault() {
        var steps = new ArrayList<Step>();
        for (int i = 0; i < Workflow.MAX_STEPS; i++) {
            steps.add(Step.of("s" + i, NOTHING));
        }
        assertThat(Workflow.faults(Shape.LINEAR, steps)).isEmpty();
        steps.add(Step.of("more", NOTHING));
        assertThat(Workflow.faults(Shape.LINEAR, steps)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "n, EQ, 1, true",
        "n, NE, 1, false",
        "n, GT, 0.5, true",
        "n, GE, 1, true",
        "n, LT, 1, false",
        "n, LE, 1, true",
        "list.1, EQ, 2, true",
        "list.2, EQ, 2, false",
        "list, CONTAINS, 2, true",
        "list, CONTAINS, 3, false",
        "text, GT, 1, false",
        "text, NE, 1, true",
        "missing, NE, 1, false",
        "list.-1, NE, 9, false"
    })
    void conditions_compare_what_stands_at_their_path(
            String path, Condition.Op op, BigDecimal value, boolean holds) {
        var root =
                Map.of(
                        "n",
                        new BigDecimal("1.0"),
                        "text",
                        "word",
                        "list",
                        List.of(BigDecimal.ONE, BigDecimal.TWO));
        var condition = new Condition(ValuePath.of(path), op, Optional.of(value));
        assertThat(condition.holds(root)).isEqualTo(holds);
    }

    @Test
    void existing_needs_no_value_and_all_else_does() {
        var path = ValuePath.of("a.b");
        var exists = new Condition(path, Condition.Op.EXISTS, Optional.empty());
        assertThat(exists.holds(Map.of("a", Map.of("b", "")))).isTrue();
        assertThat(exists.holds(Map.of("a", "b"))).isFalse();
        assertThatThrownBy(() -> new Condition(path, Condition.Op.EQ, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", "a.", " . "})
    void paths_without_a_name_between_dots_are_refused(String text) {
        assertThatThrownBy(() -> ValuePath.of(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
