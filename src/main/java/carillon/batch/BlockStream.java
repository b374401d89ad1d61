package carillon.batch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// The bytes of an input. The first reading records its [Blocks]; every later one sees to it that
/// they are still the same, and throws [BatchException] before it hands out other ones.
final class BlockStream extends InputStream {
    private final InputStream file;
    private final Path path;
    private final Blocks blocks;
    private final boolean recording;
    private final byte[] block = new byte[Blocks.BLOCK];
    private int index;
    private int length;
    private int at;
    private long read;
    private boolean changed;

    private BlockStream(Path path, Blocks blocks, boolean recording) {
        this.path = path;
        this.blocks = blocks;
        this.recording = recording;
        try {
            if (!Files.isRegularFile(path)) {
                throw new BatchException(
                        BatchEnd.Cause.INPUT, "there is no file " + path + " to read");
            }
            this.file = Files.newInputStream(path);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /// Adds what it reads to `blocks`.
    static BlockStream recording(Path path, Blocks blocks) {
        return new BlockStream(path, blocks, true);
    }

    /// Compares what it reads with `blocks`.
    static BlockStream checking(Path path, Blocks blocks) {
        return new BlockStream(path, blocks, false);
    }

    static BatchException unreadable(Path path, IOException why) {
        return new BatchException(
                BatchEnd.Cause.INPUT,
                "could not read " + path + " (" + why.getClass().getSimpleName() + ")",
                why);
    }

    /// How many bytes have been handed out.
    long position() {
        return read;
    }

    @Override
    public int read() throws IOException {
        if (at == length && !fill()) {
            return -1;
        }
        read++;
        return block[at++] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int wanted) throws IOException {
        if (at == length && !fill()) {
            return -1;
        }
        int given = Math.min(wanted, length - at);
        System.arraycopy(block, at, into, offset, given);
        at += given;
        read += given;
        return given;
    }

    private boolean fill() throws IOException {
        if (changed) {
            throw changed();
        }
        length = file.readNBytes(block, 0, block.length);
        at = 0;
        if (length == 0) {
            if (!recording && read != blocks.size()) {
                throw changed();
            }
            return false;
        }
        if (recording) {
            blocks.add(block, length);
        } else if (!blocks.has(index, block, length)) {
            throw changed();
        }
        index++;
        return true;
    }

    /// Nothing is handed out after this.
    private BatchException changed() {
        changed = true;
        length = 0;
        return new BatchException(
                BatchEnd.Cause.CHANGED,
                "the input "
                        + path
                        + " has changed since it was checked (at or after byte "
                        + read
                        + ")");
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
