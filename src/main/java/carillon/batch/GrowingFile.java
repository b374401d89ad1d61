package carillon.batch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file that is only appended to, through a buffer.
final class GrowingFile implements AutoCloseable {
    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocate(256 * 1024);
    private long length;

    private GrowingFile(FileChannel file, long length) {
        this.file = file;
        this.length = length;
    }

    /// Goes on after the first `length` bytes, and drops what comes after them.
    static GrowingFile open(Path path, long length) throws IOException {
        var file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (file.size() < length) {
            file.close();
            throw new IOException(path + " is shorter than it was");
        }
        file.truncate(length);
        file.position(length);
        return new GrowingFile(file, length);
    }

    void append(byte[] bytes) throws IOException {
        length += bytes.length;
        if (bytes.length > buffer.remaining()) {
            flush(buffer.flip());
            buffer.clear();
        }
        if (bytes.length > buffer.remaining()) {
            flush(ByteBuffer.wrap(bytes));
        } else {
            buffer.put(bytes);
        }
    }

    private void flush(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int written = file.write(bytes);
            assert written >= 0;
        }
    }

    /// Returns when all that was appended would outlast a power cut.
    void force() throws IOException {
        flush(buffer.flip());
        buffer.clear();
        file.force(true);
    }

    /// How many bytes it has, those in the buffer included.
    long length() {
        return length;
    }

    /// Without what is still in the buffer.
    @Override
    public void close() throws IOException {
        file.close();
    }
}
