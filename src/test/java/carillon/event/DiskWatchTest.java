package carillon.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On the disk that the test runs on, of which nearly all or nothing counts as little.
final class DiskWatchTest {
    private static final Instant NOW = Instant.parse("2026-03-29T09:00:00Z");

    @TempDir private Path folder;
    private final List<Map<String, Object>> told = new ArrayList<>();
    private final EventStore events =
            new EventStore() {
                @Override
                public List<Event> after(long id, int limit) {
                    return List.of();
                }

                @Override
                public long newest() {
                    return 0;
                }

                @Override
                public void add(String type, Map<String, Object> facts) {
                    assertThat(type).isEqualTo("disk.low");
                    told.add(facts);
                }

                @Override
                public int prune(Instant before, int limit) {
                    return 0;
                }
            };

    private DiskWatch watch(long little) {
        return new DiskWatch("one", List.of(folder), little, events);
    }

    @Test
    void little_room_is_told_once() {
        var watch = watch(Long.MAX_VALUE / 4);
        var again = watch.look(NOW);
        assertThat(again).isAfter(NOW);
        watch.look(again);
        assertThat(told).hasSize(1);
        assertThat(told.getFirst())
                .containsEntry("node", "one")
                .containsEntry("folder", folder.toString());
        assertThat(told.getFirst()).containsKeys("free_bytes", "total_bytes");
    }

    @Test
    void enough_room_and_a_folder_that_is_gone_are_no_reason_to_tell() throws IOException {
        var watch = watch(1);
        watch.look(NOW);
        Files.delete(folder);
        watch.look(NOW);
        assertThat(told).isEmpty();
    }
}
