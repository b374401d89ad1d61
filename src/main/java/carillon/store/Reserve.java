package carillon.store;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/// Room on the disk that is given up when the disk is full: on a full disk not even a DELETE
/// succeeds, so that history which nobody wants any more could not make room. What it frees is for
/// that alone, until the reserve is there again. For one thread.
final class Reserve {
    private static final Logger log = System.getLogger(Reserve.class.getName());
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final int BLOCK = 1024 * 1024;

    private final Path directory;
    private final Path file;
    private final long bytes;
    private boolean givenUp;
    private boolean forgotten;
    private long tried;

    private Reserve(Path directory, long bytes) {
        this.directory = requireNonNull(directory, "directory");
        this.file = directory.resolve("carillon.reserve");
        this.bytes = bytes;
    }

    /// Puts `bytes` aside in `directory`, if there is room for twice as many.
    static Reserve take(Path directory, long bytes) {
        var reserve = new Reserve(directory, bytes);
        if (bytes > 0 && !reserve.isThere() && reserve.isRoom()) {
            reserve.put();
        }
        return reserve;
    }

    private boolean isThere() {
        return file.toFile().length() == bytes;
    }

    private boolean isRoom() {
        return directory.toFile().getUsableSpace() >= 2 * bytes;
    }

    /// Real blocks: a file with holes would hold nothing.
    private boolean put() {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            var block = ByteBuffer.allocate(BLOCK);
            for (long left = bytes; left > 0; left -= block.position()) {
                block.clear().limit((int) Math.min(left, BLOCK));
                while (block.hasRemaining()) {
                    int written = channel.write(block);
                    assert written > 0;
                }
            }
            return true;
        } catch (IOException e) {
            log.log(Level.DEBUG, "no room for a reserve", e);
            drop();
            return false;
        }
    }

    private void drop() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.log(Level.WARNING, "the reserve {0} cannot be given up: {1}", file, e);
        }
    }

    /// The disk is full: from here on only what forgets may write.
    void giveUp() {
        if (bytes == 0 || givenUp) {
            return;
        }
        log.log(Level.ERROR, "the disk is full: until there is room only old history is deleted");
        drop();
        givenUp = true;
        forgotten = false;
        tried = System.nanoTime();
    }

    /// Something old was deleted, whose room others can use now.
    void forgot() {
        forgotten = true;
    }

    /// Whether anybody may write. Where the reserve was given up it is put aside again as soon as
    /// there is room for twice as much, or something was forgotten; tried once a second.
    boolean isHeld() {
        if (!givenUp) {
            return true;
        }
        if (System.nanoTime() - tried < BETWEEN_TRIES.toNanos()) {
            return false;
        }
        tried = System.nanoTime();
        if ((forgotten || isRoom()) && put()) {
            givenUp = false;
            log.log(Level.INFO, "there is room on the disk again");
        }
        return !givenUp;
    }
}
