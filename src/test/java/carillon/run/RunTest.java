package carillon.run;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RunTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final Duration JITTER = Duration.ofMillis(30);

    @Test
    void the_first_attempt_is_late_by_when_it_was_due() {
        var run = run(RunState.SUCCEEDED, 1, NOON.plus(JITTER), Optional.of(NOON.plusMillis(35)));

        assertThat(run.lateness()).hasValue(Duration.ofMillis(5));
    }

    @Test
    void a_run_that_waits_for_its_next_attempt_was_late_by_its_fire_time() {
        var again = NOON.plusSeconds(60);

        assertThat(run(RunState.QUEUED, 1, again, Optional.of(NOON.plusMillis(5))).lateness())
                .hasValue(Duration.ofMillis(5));
        assertThat(run(RunState.SUCCEEDED, 2, again, Optional.of(NOON.plusMillis(5))).lateness())
                .hasValue(Duration.ofMillis(5));
    }

    @Test
    void a_run_that_has_not_begun_has_no_lateness() {
        assertThat(run(RunState.QUEUED, 1, NOON, Optional.empty()).lateness()).isEmpty();
    }

    private static Run run(RunState state, int attempt, Instant dueAt, Optional<Instant> started) {
        var occasion =
                new Occasion(Trigger.SCHEDULE, Optional.of(NOON), dueAt, 5, Optional.empty());
        var times = new Progress.Times(started, Optional.empty(), Optional.empty());
        var progress = new Progress(state, "", attempt, 3, 0, 0, Optional.empty(), times);
        return new Run(new RunId(2), new TaskId(1), 1, occasion, progress, 1, Optional.empty());
    }
}
