package carillon.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import carillon.ai.Spending;
import carillon.ai.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecorderTest {
    private static final byte[] HEADER = "header\n".getBytes(StandardCharsets.UTF_8);
    private static final Spending SPENDING =
            new Spending(Optional.of(new Tokens(1, 2)), OptionalLong.of(3));

    @TempDir private Path folder;

    private Path output() {
        return folder.resolve("out.csv");
    }

    private static Line line(long index) {
        var text = "line " + index + "\n";
        return new Line(index, index % 10 != 9, SPENDING, text.getBytes(StandardCharsets.UTF_8));
    }

    /// What the two files hold in the end.
    private static String expected(long rows, boolean succeeded) {
        var text = new StringBuilder("header\n");
        for (long i = 0; i < rows; i++) {
            if (i % 10 != 9 == succeeded) {
                text.append("line ").append(i).append('\n');
            }
        }
        return text.toString();
    }

    @Test
    void lines_that_come_in_any_order_are_written_in_order_over_many_crashes()
            throws IOException, InterruptedException {
        int rows = 3_000;
        var random = new Random(7);
        long done = 0;
        while (done < rows) {
            try (var place = Workplace.take(output())) {
                // A checkpoint every few lines, or the test would only see journals.
                var recorder = Recorder.open(place, HEADER, 2_000);
                assertThat(recorder.totals().rows()).isGreaterThanOrEqualTo(done);
                var left = new ArrayList<Long>();
                for (long i = 0; i < rows; i++) {
                    if (!recorder.isDone(i)) {
                        left.add(i);
                    }
                }
                var some = new ArrayList<>(left.subList(0, Math.min(left.size(), 300)));
                Collections.shuffle(some, random);
                for (var index : some.subList(0, Math.max(1, some.size() * 2 / 3))) {
                    recorder.add(line(index));
                }
                recorder.drain();
                done = recorder.totals().rows();
                tear(place, random);
                recorder.close();
            }
        }
        try (var place = Workplace.take(output())) {
            var recorder = Recorder.open(place, HEADER, 2_000);
            recorder.drain();
            var totals = recorder.finish(rows);
            place.finish(Format.CSV, true);
            recorder.close();
            place.clear();
            assertThat(totals).isEqualTo(new Totals(2_700, 300, 3_000, 6_000, 9_000));
        }
        assertThat(output()).hasContent(expected(rows, true));
        assertThat(folder.resolve("out.failed.csv")).hasContent(expected(rows, false));
        assertThat(Workplace.folderOf(output())).doesNotExist();
    }

    /// What a crash in the middle of a write leaves behind a journal and a file.
    private static void tear(Workplace place, Random random) throws IOException {
        try (var files = Files.list(place.folder())) {
            for (var file : files.toList()) {
                var name = file.getFileName().toString();
                if (name.startsWith("journal") || name.equals("results")) {
                    var junk = new byte[random.nextInt(200)];
                    random.nextBytes(junk);
                    Files.write(file, junk, StandardOpenOption.APPEND);
                }
            }
        }
    }

    @Test
    void the_same_folder_is_not_taken_twice() throws IOException {
        try (var _ = Workplace.take(output())) {
            assertThatThrownBy(() -> Workplace.take(output()))
                    .isInstanceOf(BatchException.class)
                    .hasMessageContaining("another process");
        }
    }
}
