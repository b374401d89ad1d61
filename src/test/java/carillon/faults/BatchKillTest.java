package carillon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.perform.BulkServer;
import java.io.IOException;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `carillon batch run`, killed in the middle as kill -9 does it.
final class BatchKillTest {
    private static final int ROWS = 3_000;

    @TempDir private Path folder;

    @Test
    void a_killed_batch_goes_on_and_its_output_is_that_of_an_undisturbed_one()
            throws IOException, InterruptedException {
        var figures = new BatchKill(folder, ROWS).run();
        assertThat(figures.askedTwice()).isLessThan(ROWS / 2);
    }

    @Test
    void one_whose_rows_are_with_a_provider_finds_them_there()
            throws IOException, InterruptedException {
        try (var batch = new BatchProcess(folder);
                var provider = new BulkServer()) {
            batch.writeInput(500);
            provider.slow(1_000_000);
            var command = batch.command("out.csv", "--needed-by", "12h");
            var killed = batch.start(command, provider.url());
            Awaitility.await()
                    .atMost(BatchProcess.PATIENCE)
                    .until(() -> !provider.batches().isEmpty());
            killed.destroyForcibly().waitFor();

            provider.slow(0);
            command.add("--resume");
            batch.end(batch.start(command, provider.url()), 0);
            assertThat(provider.batches()).hasSize(1);
            assertThat(provider.direct()).isEmpty();
            assertThat(batch.withoutTimes("out.csv").lines()).hasSize(501);
        }
    }
}
