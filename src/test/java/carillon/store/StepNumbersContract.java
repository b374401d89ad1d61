package carillon.store;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.workflow.StepNumbers;
import carillon.workflow.StepNumbers.Numbered;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

abstract class StepNumbersContract extends StoreContract {
    StepNumbersContract(Fixture fixture) {
        super(fixture);
    }

    private StepNumbers numbers() {
        return stores().stepNumbers();
    }

    @Test
    void a_number_leads_to_its_workflow_until_it_is_forgotten() {
        long one = numbers().assign(7);
        long other = numbers().assign(8);
        assertThat(other).isGreaterThan(one);
        assertThat(numbers().workflowOf(one)).isEqualTo(OptionalLong.of(7));
        assertThat(numbers().workflowOf(other + 1)).isEmpty();
        numbers().forget(one);
        assertThat(numbers().workflowOf(one)).isEmpty();
        assertThat(numbers().workflowOf(other)).hasValue(8);
    }

    @Test
    void numbers_are_listed_in_their_order() {
        long one = numbers().assign(7);
        long two = numbers().assign(8);
        long three = numbers().assign(7);
        assertThat(numbers().list(0, 2))
                .containsExactly(new Numbered(one, 7), new Numbered(two, 8));
        assertThat(numbers().list(two, 2)).containsExactly(new Numbered(three, 7));
    }

    @Test
    void numbers_go_with_their_task() {
        var task = Some.task(stores(), Some.definition("numbered"));
        long number = numbers().assign(task.id().value());
        assertThat(stores().tasks().delete(task.id())).isTrue();
        assertThat(numbers().workflowOf(number)).isEmpty();
    }
}
