package carillon.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RepeatsTest {
    @TempDir private Path folder;

    @Test
    void what_is_spread_over_files_is_found_as_what_is_in_memory_is() throws IOException {
        var found = new TreeMap<Long, Long>();
        try (var repeats = new Repeats(folder)) {
            for (long row = 1; row <= 200_000; row++) {
                repeats.add(Repeats.Kind.ID, "id-" + (row == 150_000 ? 7 : row), row);
                repeats.add(Repeats.Kind.KEY, "id-" + (row == 199_999 ? 1_000 : row), row);
            }
            assertThat(folder).isNotEmptyDirectory(); // Or nothing was spread.
            repeats.find((row, earlier, _) -> found.put(row, earlier));
        }
        assertThat(found).containsExactly(entry(150_000, 7), entry(199_999, 1_000));
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    private static Map.Entry<Long, Long> entry(long row, long earlier) {
        return Map.entry(row, earlier);
    }
}
