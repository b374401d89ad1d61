package carillon.event;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Looks at the room that is left where a node writes, and says so once when it becomes little:
/// `disk.low` with `node`, `folder`, `free_bytes` and `total_bytes`. It says so again when there
/// was enough in between.
public final class DiskWatch {
    private static final Logger log = System.getLogger(DiskWatch.class.getName());

    /// A batch or a database can fill it within a minute.
    private static final long LITTLE_BYTES = 512L * 1024 * 1024;

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);

    private final String node;
    private final List<Path> folders;
    private final long little;
    private final EventStore events;
    private final Set<Path> low = new HashSet<>();

    public DiskWatch(String node, List<Path> folders, EventStore events) {
        this(node, folders, LITTLE_BYTES, events);
    }

    /// Less than `little` bytes are little, twice as many are enough again.
    DiskWatch(String node, List<Path> folders, long little, EventStore events) {
        this.node = requireNonNull(node, "node");
        this.folders = List.copyOf(folders);
        this.little = little;
        this.events = requireNonNull(events, "events");
    }

    /// The bytes that are left where least are; 0 where nobody knows.
    public long free() {
        return folders.stream()
                .mapToLong(folder -> folder.toFile().getUsableSpace())
                .min()
                .orElse(0);
    }

    /// Looks once. Returns when it wants to be called again.
    public Instant look(Instant now) {
        for (var folder : folders) {
            try {
                look(folder);
            } catch (IOException e) {
                log.log(Level.WARNING, "the room left in {0} is not known: {1}", folder, e);
            }
        }
        return now.plus(BETWEEN_LOOKS);
    }

    private void look(Path folder) throws IOException {
        var disk = Files.getFileStore(folder);
        long free = disk.getUsableSpace();
        if (free >= 2 * little) {
            low.remove(folder);
        } else if (free < little && !low.contains(folder)) {
            log.log(Level.ERROR, "{0} has only {1} bytes left", folder, free);
            events.add(
                    "disk.low",
                    Map.of(
                            "node",
                            node,
                            "folder",
                            folder.toString(),
                            "free_bytes",
                            free,
                            "total_bytes",
                            disk.getTotalSpace()));
            low.add(folder);
        }
    }
}
