package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.action.PromptCall;
import carillon.cluster.Holder;
import carillon.oneshot.EndStore;
import carillon.oneshot.Ends;
import carillon.run.Completion;
import carillon.run.Lease;
import carillon.run.Output;
import carillon.task.Policies;
import carillon.task.TaskDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the counts of ended prompts must show, whatever the database under them.
abstract class EndStoreContract extends StoreContract {
    private static final Duration HOUR = Duration.ofHours(1);

    private EndStore ends;
    private Holder one;
    private Holder two;

    EndStoreContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void open() {
        ends = stores().ends();
        one = Some.join(stores(), "node-1");
        two = Some.join(stores(), "node-2");
    }

    private Lease prompt(String model, Holder holder) {
        var definition =
                new TaskDefinition(
                        "n",
                        "",
                        Optional.empty(),
                        PromptCall.of(model, "x"),
                        Policies.DEFAULT,
                        Map.of());
        return Some.leased(stores(), Some.task(stores(), definition), holder, NOON);
    }

    private void complete(Completion... completions) {
        stores().leases().complete(List.of(completions));
    }

    private static Ends ends(String model, long completed, long failed) {
        var spent = Duration.ofMillis(5).multipliedBy(completed + failed);
        return new Ends(model, completed, failed, spent);
    }

    @Test
    void ends_are_counted_by_model_over_all_nodes() {
        complete(
                Some.success(prompt("a", one), NOON),
                Some.failure(prompt("a", one), NOON),
                Some.success(prompt("b", one), NOON));
        complete(Some.success(prompt("a", two), NOON.plus(HOUR)));

        assertThat(ends.all()).isEqualTo(Map.of("a", ends("a", 2, 1), "b", ends("b", 1, 0)));
    }

    @Test
    void what_is_no_prompt_or_goes_on_is_not_counted() {
        var other = Some.task(stores(), Some.definition("nothing"));
        var again = NOON.plusSeconds(60);
        complete(
                Some.success(Some.leased(stores(), other, one, NOON), NOON),
                Some.retry(prompt("a", one), NOON, again, Output.NONE),
                Some.postponed(prompt("a", one), NOON, again));

        assertThat(ends.all()).isEmpty();
    }

    @Test
    void ends_are_told_by_the_step_that_they_lie_in_until_they_are_forgotten() {
        complete(Some.success(prompt("a", one), NOON));
        complete(Some.success(prompt("a", two), NOON.plus(HOUR).minusSeconds(1)));
        complete(Some.failure(prompt("b", one), NOON.plus(HOUR)));

        assertThat(ends.between(NOON, NOON.plus(HOUR.multipliedBy(2)), HOUR))
                .isEqualTo(
                        Map.of(
                                NOON,
                                List.of(ends("a", 2, 0)),
                                NOON.plus(HOUR),
                                List.of(ends("b", 0, 1))));
        assertThat(ends.between(NOON.plusSeconds(60), NOON.plus(HOUR), HOUR))
                .isEqualTo(Map.of(NOON, List.of(ends("a", 1, 0))));
        assertThat(ends.between(Instant.EPOCH, NOON, HOUR)).isEmpty();

        ends.forget(NOON.plus(HOUR));

        assertThat(ends.between(Instant.EPOCH, NOON.plus(HOUR), HOUR)).isEmpty();
        assertThat(ends.all()).isEqualTo(Map.of("a", ends("a", 2, 0), "b", ends("b", 0, 1)));
    }
}
