package carillon.batch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/// The lines of a file as bytes, without their ends, one at a time. Of a line that is longer than
/// `most` bytes only its size is known.
final class ByteLines implements AutoCloseable {
    private final InputStream from;
    private final int most;
    private final byte[] buffer = new byte[64 * 1024];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int length;
    private int at;
    private long size;
    private long number;

    ByteLines(InputStream from, int most) {
        this.from = from;
        this.most = most;
    }

    /// Goes to the next line; returns false when there is none.
    boolean read() throws IOException {
        line.reset();
        size = 0;
        while (true) {
            if (at == length) {
                length = from.read(buffer, 0, buffer.length);
                at = 0;
                if (length <= 0) {
                    length = 0;
                    number += size == 0 ? 0 : 1;
                    return size > 0;
                }
            }
            int end = at;
            while (end < length && buffer[end] != '\n') {
                end++;
            }
            size += end - at;
            if (size <= most) {
                line.write(buffer, at, end - at);
            }
            boolean whole = end < length;
            at = whole ? end + 1 : end;
            if (whole) {
                number++;
                return true;
            }
        }
    }

    /// How many bytes the line has.
    long size() {
        return size;
    }

    /// The line, where it is not too long.
    byte[] bytes() {
        return line.toByteArray();
    }

    /// Counts lines from 1.
    long number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        from.close();
    }
}
