package carillon.egress;

import java.io.IOException;
import java.io.InputStream;

/// A body of which no more than `max` bytes are read. Closing it leaves the connection alone, which
/// would read on.
final class Bounded extends InputStream {
    private final InputStream body;
    private long left;
    private boolean ended;

    Bounded(InputStream body, long max) {
        this.body = body;
        this.left = max;
    }

    /// Whether the end has been seen.
    boolean isAtEnd() {
        return ended;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = body.read(buffer, offset, (int) Math.min(length, left));
        if (count < 0) {
            ended = true;
            return -1;
        }
        left -= count;
        return count;
    }
}
