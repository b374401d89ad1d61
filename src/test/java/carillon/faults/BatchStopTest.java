package carillon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `carillon batch run` as a process: stopped by hand, with a full disk, and on a terminal.
final class BatchStopTest {
    private static final int ROWS = 4_000;

    @TempDir private Path folder;
    private BatchProcess batch;

    @BeforeEach
    void open() throws IOException {
        batch = new BatchProcess(folder);
        batch.writeInput(ROWS);
    }

    @AfterEach
    void close() {
        batch.close();
    }

    private void requireWholeAfterResumption() throws IOException, InterruptedException {
        batch.end(batch.start(batch.command("out.csv", "--resume")), 0);
        assertThat(Files.readAllLines(folder.resolve("out.csv"))).hasSize(ROWS + 1);
        assertThat(folder.resolve("out.csv.batch")).doesNotExist();
        assertThat(batch.asked()).hasSize(ROWS);
    }

    /// A shell that ignores signals of the keyboard hands that on to what it starts.
    private static boolean ignoresInterrupts() throws IOException {
        var ignored =
                Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .map(line -> line.substring("SigIgn:".length()).strip())
                        .collect(Collectors.joining());
        return (Long.parseUnsignedLong(ignored, 16) & 0b10) != 0;
    }

    @Test
    void one_that_is_interrupted_keeps_all_that_was_answered_and_asks_nothing_twice()
            throws IOException, InterruptedException {
        var process = batch.start(batch.command("out.csv"));
        Awaitility.await().atMost(BatchProcess.PATIENCE).until(() -> batch.asked().size() > 500);
        boolean ignored = ignoresInterrupts();
        var kill = new ProcessBuilder("kill", ignored ? "-TERM" : "-INT", "" + process.pid());
        assertThat(kill.start().waitFor()).isZero();

        var said = batch.end(process, ignored ? 143 : 130);
        assertThat(said).contains("what is under way may end").contains("Go on with --resume.");
        assertThat(batch.asked().size()).isLessThan(ROWS);
        requireWholeAfterResumption();
        assertThat(batch.asked().values()).containsOnly(1);
    }

    @Test
    void a_full_disk_stops_it_and_what_was_done_is_kept() throws IOException, InterruptedException {
        // No file may grow above 128 KiB, which the answers do.
        var limited = new ArrayList<>(List.of("bash", "-c", "ulimit -f 128; exec \"$@\"", "batch"));
        limited.addAll(batch.command("out.csv"));
        var said = batch.end(batch.start(limited), 7);

        assertThat(said).contains("could not write to").contains("what was done before is kept");
        assertThat(folder.resolve("out.csv")).doesNotExist();
        assertThat(batch.asked()).hasSizeLessThan(ROWS);
        requireWholeAfterResumption();
    }

    @Test
    void a_terminal_shows_a_bar_of_rows_and_what_failed_and_was_spent()
            throws IOException, InterruptedException {
        var command =
                batch.command("out.csv").stream()
                        .map(word -> "'" + word + "'")
                        .collect(Collectors.joining(" "));
        var said = batch.end(batch.start(List.of("script", "-qec", command, "/dev/null")), 0);

        assertThat(said)
                .contains("rows 100% [=")
                .contains(ROWS + "/" + ROWS)
                .containsPattern("[0-9.]+/s")
                .contains("0 failed, $0.0000");
    }
}
