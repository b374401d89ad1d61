package carillon.store;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.run.RunQuery;
import carillon.run.RunState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BareLoopTest {
    @TempDir private Path directory;

    @Test
    void each_pair_leaves_a_run_that_succeeded() {
        var settings = new StoreSettings.Sqlite(directory);

        var result = BareLoop.run(settings, Some.CODEC, InstantSource.system(), 20, 10);

        assertThat(result.pairs()).isEqualTo(200);
        assertThat(result.took()).isPositive();
        try (var stores = Stores.open(settings, Some.CODEC, Some.LISTS, InstantSource.system())) {
            var succeeded =
                    new RunQuery(
                            Optional.empty(),
                            Set.of(RunState.SUCCEEDED),
                            OptionalLong.empty(),
                            0,
                            0);
            assertThat(stores.runs().count(succeeded)).isEqualTo(240);
        }
    }

    @Test
    void the_rate_is_pairs_by_seconds() {
        assertThat(new BareLoop.Result(500, Duration.ofMillis(250)).pairsPerSecond())
                .isEqualTo(2_000);
    }
}
