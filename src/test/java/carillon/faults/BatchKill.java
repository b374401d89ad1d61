package carillon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.awaitility.Awaitility;

/// A file answered twice by `carillon batch run`: once undisturbed, once killed as kill -9 does it
/// after one and after two thirds of its rows, and resumed. Throws when the outputs are not the
/// same, or more rows were asked twice than can have been under way.
final class BatchKill {
    private static final int KILLS = 2;

    /// Of those whose answers are on their way to the disk, and those under way.
    private static final long MOST_TWICE = 256 + BatchProcess.CONCURRENCY;

    private final Path folder;
    private final int rows;

    BatchKill(Path folder, int rows) {
        this.folder = folder;
        this.rows = rows;
    }

    /// What a trial has shown.
    record Figures(double secondsUndisturbed, double secondsDisturbed, long askedTwice) {}

    Figures run() throws IOException, InterruptedException {
        try (var batch = new BatchProcess(folder)) {
            batch.writeInput(rows);
            long begin = System.nanoTime();
            batch.end(batch.start(batch.command("whole.csv")), 0);
            long undisturbed = System.nanoTime() - begin;
            var asked = batch.asked();
            assertThat(asked).hasSize(rows);
            asked.clear();

            begin = System.nanoTime();
            var process = batch.start(batch.command("out.csv"));
            for (int kill = 1; kill <= KILLS; kill++) {
                int enough = rows * kill / (KILLS + 1);
                Awaitility.await().atMost(BatchProcess.PATIENCE).until(() -> asked.size() > enough);
                process.destroyForcibly().waitFor();
                assertThat(folder.resolve("out.csv")).doesNotExist();
                assertThat(asked.size()).isLessThan(rows);
                process = batch.start(batch.command("out.csv", "--resume"));
            }
            batch.end(process, 0);
            long disturbed = System.nanoTime() - begin;

            assertThat(batch.withoutTimes("out.csv")).isEqualTo(batch.withoutTimes("whole.csv"));
            assertThat(folder.resolve("out.csv.batch")).doesNotExist();
            long twice = asked.values().stream().filter(times -> times > 1).count();
            assertThat(twice).isLessThanOrEqualTo(KILLS * MOST_TWICE);
            assertThat(asked.values()).allMatch(times -> times <= 1 + KILLS);
            return new Figures(undisturbed / 1e9, disturbed / 1e9, twice);
        }
    }

    /// `BatchKill FOLDER ROWS`.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rows = Integer.parseInt(arguments[1], 10);
        var figures = new BatchKill(Path.of(arguments[0]), rows).run();
        System.out.printf(
                Locale.ROOT,
                "%,d rows: %.1f s undisturbed, %.1f s with %d kills, %d asked twice, same output%n",
                rows,
                figures.secondsUndisturbed,
                figures.secondsDisturbed,
                KILLS,
                figures.askedTwice);
        System.out.println("PASS");
    }
}
