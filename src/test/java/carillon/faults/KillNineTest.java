package carillon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The short form of `faults/kill9`.
final class KillNineTest {
    @TempDir private Path folder;

    @Test
    void nothing_acknowledged_is_lost_when_the_server_is_killed()
            throws IOException, InterruptedException {
        var trial = Trial.small(folder);
        trial.say(new KillNine(trial, 3, 50, 1_000).run());
        assertThat(trial.faults()).isEmpty();
    }
}
